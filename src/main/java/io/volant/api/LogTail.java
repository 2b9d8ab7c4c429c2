package io.volant.api;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Log lines for one subscriber, at its pace: what does not fit any more pushes the oldest out, and
 * a comment says how many that were. To be run once.
 */
final class LogTail extends GraphStage<SourceShape<ByteString>> {

  private static final int LINES_MAX = 1_000;
  private static final int BYTES_MAX = 256 << 10;

  private final Outlet<ByteString> out = Outlet.create("LogTail.out");
  private final SourceShape<ByteString> shape = SourceShape.of(out);
  private final Consumer<LogTail> onBegin;
  private final Consumer<LogTail> onEnd;

  // guarded by this
  private final Deque<ByteString> lines = new ArrayDeque<>();
  private int bytes;
  private long lost;
  private @Nullable AsyncCallback<LogTail> waiting;

  /**
   * A tail that has not begun.
   *
   * @param onBegin told when somebody begins to read
   * @param onEnd told when nobody reads any more
   */
  LogTail(Consumer<LogTail> onBegin, Consumer<LogTail> onEnd) {
    this.onBegin = onBegin;
    this.onEnd = onEnd;
  }

  /**
   * Adds a line. From any thread; never waits.
   *
   * @param frame as it is sent
   * @return how many lines were pushed out
   */
  int offer(ByteString frame) {
    AsyncCallback<LogTail> reader;
    int pushedOut = 0;
    synchronized (this) {
      lines.addLast(frame);
      bytes += frame.size();
      while (lines.size() > 1 && (lines.size() > LINES_MAX || bytes > BYTES_MAX)) {
        bytes -= lines.removeFirst().size();
        pushedOut++;
      }
      lost += pushedOut;
      reader = waiting;
      waiting = null;
    }
    if (reader != null) {
      reader.invoke(this);
    }
    return pushedOut;
  }

  /** What is to be sent next; where there is nothing, the reader is called when there is. */
  private synchronized @Nullable ByteString take(AsyncCallback<LogTail> reader) {
    if (lost > 0) {
      ByteString notice = ByteString.fromString(": " + lost + " log lines were left out\n\n");
      lost = 0;
      return notice;
    }
    ByteString first = lines.pollFirst();
    if (first == null) {
      waiting = reader;
      return null;
    }
    bytes -= first.size();
    return first;
  }

  @Override
  public SourceShape<ByteString> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes inheritedAttributes) {
    return new Logic();
  }

  private final class Logic extends GraphStageLogic {

    private final AsyncCallback<LogTail> wake = createAsyncCallback(_ -> next());

    Logic() {
      super(shape);
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              next();
            }
          });
    }

    @Override
    public void preStart() {
      onBegin.accept(LogTail.this);
    }

    @Override
    public void postStop() {
      onEnd.accept(LogTail.this);
    }

    private void next() {
      ByteString frame = isAvailable(out) ? take(wake) : null;
      if (frame != null) {
        push(out, frame);
      }
    }
  }
}
