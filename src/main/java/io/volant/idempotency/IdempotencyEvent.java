package io.volant.idempotency;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.volant.journal.JournalEvent;
import io.volant.model.Stamp;

/** What is remembered of keys. The stamp's {@code by} is whose key it is. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(IdempotencyEvent.Begun.class),
  @JsonSubTypes.Type(IdempotencyEvent.Answered.class),
})
public sealed interface IdempotencyEvent extends JournalEvent {

  /** What the caller chose. */
  String key();

  /** Something is being done under a key; the stamp's {@code cause} is the request. */
  @JsonTypeName("idempotency.begun")
  record Begun(Stamp stamp, String key, String fingerprint) implements IdempotencyEvent {}

  /** It was done and answered; the stamp's {@code cause} is the event that began it. */
  @JsonTypeName("idempotency.answered")
  record Answered(Stamp stamp, String key, KeptAnswer answer) implements IdempotencyEvent {}
}
