package io.volant.api;

import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * Passes a request's body on, and reads the rest of it when nobody wants it any more: most clients
 * look for an answer only when they have sent all, and would see a broken connection instead.
 */
final class RestOfBody extends GraphStage<FlowShape<ByteString, ByteString>> {

  /** Who sends more than that after a refusal finds the connection closed. */
  private static final long BYTES_MAX = 4L << 30;

  private final Inlet<ByteString> in = Inlet.create("RestOfBody.in");
  private final Outlet<ByteString> out = Outlet.create("RestOfBody.out");
  private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);

  @Override
  public FlowShape<ByteString, ByteString> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes inheritedAttributes) {
    return new Logic();
  }

  private final class Logic extends GraphStageLogic {

    private long unwantedBytes;

    Logic() {
      super(shape);
      setHandlers(in, out, new Handler());
    }

    private final class Handler extends AbstractInOutHandler {
      @Override
      public void onPush() {
        ByteString bytes = grab(in);
        if (!isClosed(out)) {
          push(out, bytes);
          return;
        }
        unwantedBytes += bytes.size();
        if (unwantedBytes > BYTES_MAX) {
          completeStage();
        } else {
          pull(in);
        }
      }

      @Override
      public void onPull() {
        pull(in);
      }

      @Override
      public void onDownstreamFinish(Throwable cause) {
        if (!hasBeenPulled(in) && !isClosed(in)) {
          pull(in);
        }
      }
    }
  }
}
