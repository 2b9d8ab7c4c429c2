package io.volant.adapter.leveldb;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.japi.pf.PFBuilder;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.Persistence;
import scala.PartialFunction;
import scala.collection.immutable.Seq;
import scala.concurrent.Future;
import scala.concurrent.Promise;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;
import scala.util.Try;

/**
 * Pekko's LevelDB journal with group commit: what arrives while the disk is busy is stored together
 * by the next batch, with one fsync. A write is answered only after the fsync that covers it, as
 * before; what is stored is the same byte for byte. Without this, each event of each VM waits for
 * an fsync of its own, one after the other.
 */
@SuppressWarnings("deprecation") // Pekko advises against LevelDB; the customer asked for it
public class GroupCommitJournal extends ReadGuardedJournal {

  private static final String PLUGIN = "pekko.persistence.journal.leveldb";

  /** Bounds memory and the time that the first one waits; no more are ever asked at once here. */
  private static final int GROUP_MAX = 1_024;

  /** Comes behind everything that is in the mailbox already. */
  private enum Order {
    COMMIT
  }

  private record Waiting(Seq<AtomicWrite> writes, Promise<Seq<Try<BoxedUnit>>> answer) {}

  private final List<Waiting> group = new ArrayList<>();

  /**
   * Lets {@code system} store by this class. To be called before anything is stored or read. The
   * setting {@code class} stays Pekko's own, since Pekko's reader of the journal insists on it.
   */
  public static void useIn(ActorSystem<?> system) {
    useIn(system, GroupCommitJournal.class);
  }

  static void useIn(ActorSystem<?> system, Class<? extends GroupCommitJournal> type) {
    var _ =
        Persistence.get(system.classicSystem())
            .journalFor(PLUGIN, ConfigFactory.parseMap(Map.of(PLUGIN + ".class", type.getName())));
  }

  /** The journal as configured; Pekko makes it. */
  public GroupCommitJournal(Config config) {
    super(config);
  }

  @Override
  public Future<Seq<Try<BoxedUnit>>> asyncWriteMessages(Seq<AtomicWrite> writes) {
    if (group.isEmpty()) {
      self().tell(Order.COMMIT, self());
    }
    Waiting waiting = new Waiting(writes, Promise.apply());
    group.add(waiting);
    if (group.size() >= GROUP_MAX) {
      commit();
    }
    return waiting.answer().future();
  }

  @Override
  public Future<Object> asyncReadHighestSequenceNr(String persistenceId, long from) {
    commit(); // an actor that came back must find what it wrote before
    return super.asyncReadHighestSequenceNr(persistenceId, from);
  }

  @Override
  public Future<BoxedUnit> asyncDeleteMessagesTo(String persistenceId, long to) {
    commit();
    return super.asyncDeleteMessagesTo(persistenceId, to);
  }

  @Override
  public PartialFunction<Object, BoxedUnit> receivePluginInternal() {
    return new PFBuilder<Object, BoxedUnit>()
        .matchEquals(
            Order.COMMIT,
            _ -> {
              commit();
              return BoxedUnit.UNIT;
            })
        .build()
        .orElse(super.receivePluginInternal());
  }

  @Override
  public void postStop() {
    commit();
    super.postStop();
  }

  private void commit() {
    if (group.isEmpty()) {
      return;
    }
    List<Waiting> committed = List.copyOf(group);
    group.clear();
    List<AtomicWrite> writes = new ArrayList<>();
    committed.forEach(one -> writes.addAll(CollectionConverters.asJava(one.writes())));
    long began = System.nanoTime();
    Future<Seq<Try<BoxedUnit>>> stored = super.asyncWriteMessages(immutable(writes));
    JournalTimes.of(context().system())
        .stored(writes.stream().mapToInt(AtomicWrite::size).sum(), began);
    answer(committed, stored);
  }

  /** Each gets its own part of the results, or all the failure of the batch. */
  private static void answer(List<Waiting> committed, Future<Seq<Try<BoxedUnit>>> stored) {
    Try<Seq<Try<BoxedUnit>>> results = stored.value().get(); // LevelDB stores before it returns
    int from = 0;
    for (Waiting one : committed) {
      int begin = from;
      int end = from + one.writes().size();
      one.answer().complete(results.map(all -> part(all, begin, end)));
      from = end;
    }
  }

  private static Seq<Try<BoxedUnit>> part(Seq<Try<BoxedUnit>> all, int from, int to) {
    return immutable(CollectionConverters.asJava(all).subList(from, to));
  }

  private static <T> Seq<T> immutable(List<T> list) {
    return CollectionConverters.asScala(list).toSeq();
  }
}
