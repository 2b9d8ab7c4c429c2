package io.volant.fledge.oci;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.OneLine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An object in a JSON document from outside, read with care: what has another type than expected is
 * refused with its place. Null means the same as missing, as Go writes it.
 */
final class Fields {
  private static final int DEPTH_MAX = 32;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEPTH_MAX).build())
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .build())
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final JsonNode object;
  private final String where;

  private Fields(JsonNode object, String where) {
    this.object = object;
    this.where = where;
  }

  /**
   * The object that is the document.
   *
   * @param where what document it is, to be read before a mistake
   */
  static Fields parse(byte[] document, String where) throws BuildFailure {
    return new Fields(tree(document, where), where).checked();
  }

  /** The objects in the array that is the document. */
  static List<Fields> parseList(byte[] document, String where) throws BuildFailure {
    return new Fields(MAPPER.createObjectNode().set("list", tree(document, where)), where)
        .objects("list");
  }

  private static JsonNode tree(byte[] document, String where) throws BuildFailure {
    try {
      return MAPPER.readTree(document);
    } catch (JsonProcessingException notJson) {
      // Only where: what stands there may be a password.
      JsonLocation place = notJson.getLocation();
      String at =
          place == null ? "" : " at line " + place.getLineNr() + ", column " + place.getColumnNr();
      throw failure(where + " is not JSON that can be read" + at);
    } catch (IOException impossible) {
      throw new UncheckedIOException("the document is in memory", impossible);
    }
  }

  private static BuildFailure failure(String line) {
    return new BuildFailure(ExitCode.INPUT, OneLine.of(line));
  }

  private Fields checked() throws BuildFailure {
    if (!object.isObject()) {
      throw failure(where + " must be a JSON object");
    }
    return this;
  }

  /** Where it stands, to be read before a mistake. */
  String where() {
    return where;
  }

  /** A mistake in this object. */
  BuildFailure mistake(String what) {
    return failure(where + " " + what);
  }

  boolean has(String name) {
    return object.hasNonNull(name);
  }

  List<String> names() {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private @Nullable JsonNode valueOf(String name) {
    return object.hasNonNull(name) ? object.get(name) : null;
  }

  /** A text without zeros, which neither a file system nor a process could hold. */
  @Nullable String text(String name) throws BuildFailure {
    JsonNode value = valueOf(name);
    return value == null ? null : text(value, name);
  }

  private String text(JsonNode value, String name) throws BuildFailure {
    if (!value.isTextual()) {
      throw mistake("has a \"" + name + "\" that is not a text");
    }
    if (value.textValue().indexOf('\0') >= 0) {
      throw mistake("has a \"" + name + "\" with a zero in it");
    }
    return value.textValue();
  }

  String requiredText(String name) throws BuildFailure {
    String text = text(name);
    if (text == null) {
      throw mistake("has no \"" + name + "\"");
    }
    return text;
  }

  /** A whole number; null when there is none. */
  @Nullable Long number(String name) throws BuildFailure {
    JsonNode value = valueOf(name);
    if (value == null) {
      return null;
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw mistake("has a \"" + name + "\" that is not a whole number");
    }
    return value.longValue();
  }

  /** Texts; none when it is missing. */
  List<String> texts(String name) throws BuildFailure {
    List<String> texts = new ArrayList<>();
    for (JsonNode value : array(name)) {
      texts.add(text(value, name));
    }
    return texts;
  }

  /** Objects; none when it is missing. */
  List<Fields> objects(String name) throws BuildFailure {
    List<Fields> objects = new ArrayList<>();
    for (JsonNode value : array(name)) {
      objects.add(new Fields(value, where + ", " + name + "[" + objects.size() + "]").checked());
    }
    return objects;
  }

  private JsonNode array(String name) throws BuildFailure {
    JsonNode value = valueOf(name);
    if (value == null) {
      return MAPPER.createArrayNode();
    }
    if (!value.isArray()) {
      throw mistake("has a \"" + name + "\" that is not a list");
    }
    return value;
  }

  /** An object; null when it is missing. */
  @Nullable Fields object(String name) throws BuildFailure {
    JsonNode value = valueOf(name);
    return value == null ? null : new Fields(value, where + ", " + name).checked();
  }

  Fields requiredObject(String name) throws BuildFailure {
    Fields found = object(name);
    if (found == null) {
      throw mistake("has no \"" + name + "\"");
    }
    return found;
  }
}
