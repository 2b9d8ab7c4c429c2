package io.volant.adapter.unixsocket;

import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;

/** A {@link UnixConnection} as a stage: demand becomes reads, elements become writes. */
final class ConnectionStage extends GraphStage<FlowShape<ByteString, ByteString>> {

  private final Inlet<ByteString> in = Inlet.create("UnixConnection.in");
  private final Outlet<ByteString> out = Outlet.create("UnixConnection.out");
  private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
  private final UnixConnection connection;

  ConnectionStage(UnixConnection connection) {
    this.connection = connection;
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

    private boolean owner;
    private boolean writing;
    private boolean inputEnded;

    Logic() {
      super(shape);
      setHandler(in, new Writer());
      setHandler(out, new Reader());
    }

    @Override
    public void preStart() {
      AsyncCallback<ConnectionEvent> events = createAsyncCallback(this::onEvent);
      owner = connection.use(events::invoke);
      if (owner) {
        setKeepGoing(true);
        pull(in);
      } else {
        failStage(new IllegalStateException("the " + connection + " was used as a stream before"));
      }
    }

    @Override
    public void postStop() {
      if (owner) {
        connection.close();
      }
    }

    private void onEvent(ConnectionEvent event) {
      switch (event) {
        case ConnectionEvent.Bytes(ByteString bytes) -> push(out, bytes);
        case ConnectionEvent.InputEnded _ -> onInputEnded();
        case ConnectionEvent.Written _ -> onWritten();
        case ConnectionEvent.WriteRefused _ -> onWriteRefused();
        case ConnectionEvent.PeerGone _ -> completeStage();
        case ConnectionEvent.Broken(var cause) -> failStage(cause);
      }
    }

    private void onInputEnded() {
      inputEnded = true;
      complete(out);
      if (isClosed(in) && !writing) {
        completeStage();
      }
    }

    private void onWritten() {
      writing = false;
      if (isClosed(in)) {
        endOutput();
      } else {
        pull(in);
      }
    }

    private void onWriteRefused() {
      writing = false;
      if (inputEnded) {
        completeStage();
      } else if (!isClosed(in)) {
        cancel(in);
      }
    }

    private void endOutput() {
      if (inputEnded) {
        completeStage();
      } else {
        connection.shutdownOutput();
      }
    }

    private final class Writer extends AbstractInHandler {
      @Override
      public void onPush() {
        writing = true;
        connection.write(grab(in));
      }

      @Override
      public void onUpstreamFinish() {
        if (!writing) {
          endOutput();
        }
      }

      @Override
      public void onUpstreamFailure(Throwable failure) {
        failStage(failure);
      }
    }

    private final class Reader extends AbstractOutHandler {
      @Override
      public void onPull() {
        connection.read();
      }

      @Override
      public void onDownstreamFinish(Throwable cause) {
        cancelStage(cause);
      }
    }
  }
}
