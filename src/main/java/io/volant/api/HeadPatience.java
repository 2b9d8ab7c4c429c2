package io.volant.api;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.BidiShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;

/**
 * Stands between a connection and what answers its requests, and ends the connection when the head
 * of a request does not come in time: so a client that sends a header a minute holds nothing for
 * long. While a request is being answered, or an answer is under way, it lets all the time pass.
 */
final class HeadPatience
    extends GraphStage<BidiShape<HttpRequest, HttpRequest, HttpResponse, HttpResponse>> {

  private static final int SWITCHING_PROTOCOLS = 101;

  private final Inlet<HttpRequest> requestIn = Inlet.create("HeadPatience.requestIn");
  private final Outlet<HttpRequest> requestOut = Outlet.create("HeadPatience.requestOut");
  private final Inlet<HttpResponse> responseIn = Inlet.create("HeadPatience.responseIn");
  private final Outlet<HttpResponse> responseOut = Outlet.create("HeadPatience.responseOut");
  private final BidiShape<HttpRequest, HttpRequest, HttpResponse, HttpResponse> shape =
      new BidiShape<>(requestIn, requestOut, responseIn, responseOut);
  private final Duration first;
  private final Duration next;

  /**
   * The stage.
   *
   * @param first for the head of the first request
   * @param next from the end of an answer to the head of the next request
   */
  HeadPatience(Duration first, Duration next) {
    this.first = first;
    this.next = next;
  }

  @Override
  public BidiShape<HttpRequest, HttpRequest, HttpResponse, HttpResponse> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes inheritedAttributes) {
    return new Logic();
  }

  private final class Logic extends TimerGraphStageLogic {

    private final AsyncCallback<Done> answered = createAsyncCallback(_ -> expect(next));

    /** Answers under way; a client may send its next request before it has read the answer. */
    private int open;

    Logic() {
      super(shape);
      setHandler(
          requestIn,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              open++;
              cancelTimer(HeadPatience.class);
              push(requestOut, grab(requestIn));
            }

            @Override
            public void onUpstreamFinish() {
              cancelTimer(HeadPatience.class);
              complete(requestOut);
            }
          });
      setHandler(requestOut, passingDemand(requestIn));
      setHandler(
          responseIn,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              push(responseOut, watched(grab(responseIn)));
            }
          });
      setHandler(responseOut, passingDemand(responseIn));
    }

    @Override
    public void preStart() {
      scheduleOnce(HeadPatience.class, first);
    }

    @Override
    public void onTimer(Object key) {
      completeStage();
    }

    private AbstractOutHandler passingDemand(Inlet<?> in) {
      return new AbstractOutHandler() {
        @Override
        public void onPull() {
          if (!hasBeenPulled(in) && !isClosed(in)) {
            pull(in);
          }
        }
      };
    }

    private void expect(Duration patience) {
      open--;
      if (open == 0 && !isClosed(requestIn)) {
        scheduleOnce(HeadPatience.class, patience);
      }
    }

    /** The same response, whose end is noticed. */
    private HttpResponse watched(HttpResponse response) {
      if (response.status().intValue() == SWITCHING_PROTOCOLS) {
        return response; // from here on it is no HTTP any more, and never answered
      }
      HttpEntity entity = response.entity();
      if (entity instanceof HttpEntity.Default whole) {
        return response.withEntity(
            HttpEntities.create(
                whole.getContentType(), whole.getContentLength(), whole.getDataBytes().via(end())));
      }
      if (entity instanceof org.apache.pekko.http.scaladsl.model.HttpEntity.Chunked chunked) {
        return response.withEntity(
            chunked.copy(
                chunked.contentType(),
                chunked
                    .chunks()
                    .via(
                        Logic.this
                            .<org.apache.pekko.http.scaladsl.model.HttpEntity.ChunkStreamPart>end()
                            .asScala())));
      }
      expect(next);
      return response;
    }

    private <T> Flow<T, T, NotUsed> end() {
      return Flow.<T>create()
          .watchTermination((NotUsed used, CompletionStage<Done> done) -> {
            done.whenComplete((_, _) -> answered.invoke(Done.getInstance()));
            return used;
          });
    }
  }
}
