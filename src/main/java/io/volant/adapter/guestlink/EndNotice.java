package io.volant.adapter.guestlink;

import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * Passes bytes on and runs an action once when the stream is over, before downstream hears of it.
 * (A future of the termination is told on another thread, some time: a caller that works in turns
 * would find its own last stream still counted.)
 */
final class EndNotice extends GraphStage<FlowShape<ByteString, ByteString>> {

  private final Inlet<ByteString> in = Inlet.create("EndNotice.in");
  private final Outlet<ByteString> out = Outlet.create("EndNotice.out");
  private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
  private final Runnable action;

  EndNotice(Runnable action) {
    this.action = action;
  }

  @Override
  public FlowShape<ByteString, ByteString> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes inheritedAttributes) {
    return new Logic();
  }

  private final class Logic extends GraphStageLogic {

    private boolean over;

    Logic() {
      super(shape);
      setHandlers(in, out, new Handler());
    }

    @Override
    public void postStop() {
      end();
    }

    private void end() {
      if (!over) {
        over = true;
        action.run();
      }
    }

    private final class Handler extends AbstractInOutHandler {
      @Override
      public void onPush() {
        push(out, grab(in));
      }

      @Override
      public void onPull() {
        pull(in);
      }

      @Override
      public void onUpstreamFinish() {
        end();
        completeStage();
      }
    }
  }
}
