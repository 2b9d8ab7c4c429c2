package io.volant.fake;

import com.typesafe.config.Config;
import io.volant.adapter.leveldb.ReadGuardedJournal;
import io.volant.journal.JournalEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.journal.Tagged;
import scala.collection.immutable.Seq;
import scala.concurrent.Future;
import scala.concurrent.Promise;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;
import scala.util.Try;

/** The real journal, of a daemon that dies at one of its writes ({@link Death}). */
@SuppressWarnings("deprecation") // Pekko would rather see JDBC; the customer wants LevelDB
public final class DyingJournal extends ReadGuardedJournal {

  /** Key of the configuration that names the {@link Death}. */
  static final String DEATH_ID = "death-id";

  private final Death death;

  /** Pekko makes it, with the section of the configuration that names this class. */
  public DyingJournal(Config config) {
    super(config);
    this.death = Death.of(config.getString(DEATH_ID));
  }

  @Override
  public Future<Seq<Try<BoxedUnit>>> asyncWriteMessages(Seq<AtomicWrite> writes) {
    if (death.mustFail()) {
      return Promise.<Seq<Try<BoxedUnit>>>failed(
              new IOException("no space left on device, as was asked"))
          .future();
    }
    if (!death.mayWrite()) {
      return never();
    }
    Future<Seq<Try<BoxedUnit>>> done = super.asyncWriteMessages(writes);
    return death.mayTell(events(writes)) ? done : never();
  }

  private static Future<Seq<Try<BoxedUnit>>> never() {
    return Promise.<Seq<Try<BoxedUnit>>>apply().future();
  }

  private static List<JournalEvent> events(Seq<AtomicWrite> writes) {
    List<JournalEvent> events = new ArrayList<>();
    for (AtomicWrite write : CollectionConverters.asJava(writes)) {
      for (PersistentRepr each : CollectionConverters.asJava(write.payload())) {
        Object payload =
            each.payload() instanceof Tagged tagged ? tagged.payload() : each.payload();
        if (payload instanceof JournalEvent event) {
          events.add(event);
        }
      }
    }
    return events;
  }
}
