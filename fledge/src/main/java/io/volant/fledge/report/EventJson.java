package io.volant.fledge.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;

/** Build events as JSON. */
public final class EventJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private EventJson() {}

  /** The event's fields as one line, without its name. */
  public static String fields(BuildEvent event) {
    return text(event.fields());
  }

  /** The whole event as one line; its name is the field {@code event}. */
  public static String line(BuildEvent event) {
    Map<String, Object> whole = new LinkedHashMap<>();
    whole.put("event", event.name());
    whole.putAll(event.fields());
    return text(whole);
  }

  private static String text(Map<String, Object> fields) {
    try {
      return JSON.writeValueAsString(fields);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("an event could not be written", impossible);
    }
  }
}
