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
 * Passes a client's bytes on until an empty piece, which ends them. Then it only watches that the
 * client is still there, as somebody still answers.
 */
final class HalfClose extends GraphStage<FlowShape<ByteString, ByteString>> {

  private final Inlet<ByteString> in = Inlet.create("HalfClose.in");
  private final Outlet<ByteString> out = Outlet.create("HalfClose.out");
  private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
  private final Runnable left;

  /**
   * The stage.
   *
   * @param left run when the client leaves after it has ended its bytes
   */
  HalfClose(Runnable left) {
    this.left = left;
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

    private boolean ended;

    Logic() {
      super(shape);
      setHandlers(in, out, new Handler());
    }

    private final class Handler extends AbstractInOutHandler {
      @Override
      public void onPush() {
        ByteString bytes = grab(in);
        if (!ended && !bytes.isEmpty()) {
          push(out, bytes);
          return;
        }
        if (!ended) {
          ended = true;
          complete(out);
        }
        pull(in);
      }

      @Override
      public void onPull() {
        pull(in);
      }

      @Override
      public void onUpstreamFinish() {
        watch();
        completeStage();
      }

      @Override
      public void onUpstreamFailure(Throwable failure) {
        watch();
        failStage(failure);
      }

      @Override
      public void onDownstreamFinish(Throwable cause) {
        if (!ended) {
          cancelStage(cause);
        }
      }

      private void watch() {
        if (ended) {
          left.run();
        }
      }
    }
  }
}
