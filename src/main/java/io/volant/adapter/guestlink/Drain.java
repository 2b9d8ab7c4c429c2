package io.volant.adapter.guestlink;

import java.time.Duration;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * Passes the body of an answer on, and when nobody wants it any more, lets the request's body end
 * and reads on to the end for a while before it cancels. Pekko's HTTP/2 client loses the whole
 * session over a stream that is reset while some of its request waits to be sent.
 */
final class Drain extends GraphStage<FlowShape<ByteString, ByteString>> {

  private static final Duration GRACE = Duration.ofSeconds(6);

  private final Inlet<ByteString> in = Inlet.create("Drain.in");
  private final Outlet<ByteString> out = Outlet.create("Drain.out");
  private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
  private final Runnable endRequest;

  /**
   * The stage.
   *
   * @param endRequest makes the request's body end in good order; run once, on cancellation
   */
  Drain(Runnable endRequest) {
    this.endRequest = endRequest;
  }

  @Override
  public FlowShape<ByteString, ByteString> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes inheritedAttributes) {
    return new Logic();
  }

  private final class Logic extends TimerGraphStageLogic {

    Logic() {
      super(shape);
      setHandlers(in, out, new Handler());
    }

    @Override
    public void onTimer(Object key) {
      completeStage();
    }

    private final class Handler extends AbstractInOutHandler {
      @Override
      public void onPush() {
        ByteString bytes = grab(in);
        if (isClosed(out)) {
          pull(in);
        } else {
          push(out, bytes);
        }
      }

      @Override
      public void onPull() {
        pull(in);
      }

      @Override
      public void onDownstreamFinish(Throwable cause) {
        endRequest.run();
        scheduleOnce(Drain.class, GRACE);
        if (!hasBeenPulled(in) && !isClosed(in)) {
          pull(in);
        }
      }
    }
  }
}
