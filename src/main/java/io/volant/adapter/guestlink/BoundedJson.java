package io.volant.adapter.guestlink;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import org.apache.pekko.util.ByteString;

/** Reads one line of JSON that a stranger wrote. */
final class BoundedJson {

  /** What the protocol allows for a line, its new line not counted. */
  static final int LINE_BYTES_MAX = 16 * 1024;

  private static final int DEPTH_MAX = 8;
  private static final int NUMBER_DIGITS_MAX = 20;
  private static final int NAME_LENGTH_MAX = 64;

  private static final ObjectReader READER =
      JsonMapper.builder(
              JsonFactory.builder()
                  // Names come from a stranger: they must not fill a table that lives for ever.
                  .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEPTH_MAX)
                          .maxNumberLength(NUMBER_DIGITS_MAX)
                          .maxNameLength(NAME_LENGTH_MAX)
                          .maxStringLength(LINE_BYTES_MAX)
                          .maxDocumentLength(LINE_BYTES_MAX)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(JsonNode.class);

  private BoundedJson() {}

  /**
   * The object on the line.
   *
   * @throws BrokenRules if it is not one JSON object within the limits
   */
  static JsonNode object(ByteString line) {
    try {
      JsonNode node = READER.readValue(line.toArrayUnsafe());
      if (node == null || !node.isObject()) {
        throw new BrokenRules("a line that is not a JSON object");
      }
      return node;
    } catch (JsonProcessingException broken) {
      throw new BrokenRules("a line that is not JSON: " + broken.getOriginalMessage());
    } catch (IOException cannotBe) {
      throw new BrokenRules("a line that cannot be read");
    }
  }

  /** The field as a count from 0 to 2^53; 0 where it is missing. */
  static long count(JsonNode object, String field) {
    JsonNode value = object.path(field);
    if (value.isMissingNode()) {
      return 0;
    }
    if (!value.canConvertToExactIntegral() || !value.canConvertToLong()) {
      throw new BrokenRules("the field " + field + " is not a whole number");
    }
    long count = value.longValue();
    if (count < 0 || count > 1L << 53) {
      throw new BrokenRules("the field " + field + " is out of range");
    }
    return count;
  }

  /** The field as text, cut to so many characters; empty where it is missing. */
  static String text(JsonNode object, String field, int lengthMax) {
    JsonNode value = object.path(field);
    if (value.isMissingNode()) {
      return "";
    }
    if (!value.isTextual()) {
      throw new BrokenRules("the field " + field + " is not text");
    }
    String text = value.textValue();
    return text.length() <= lengthMax ? text : text.substring(0, lengthMax);
  }
}
