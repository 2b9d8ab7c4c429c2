package io.volant.cli.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/**
 * JSON as a tree. {@code volar} binds no classes: that would hide the fields of a newer daemon. The
 * tree is put together here, as Jackson's mapper alone takes longer to set up than everything else
 * about an answer.
 */
public final class Json {
  private static final JsonFactory FACTORY = new JsonFactory();

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private Json() {}

  /**
   * Parses a document.
   *
   * @throws IOException if it is not JSON; the message is one line that says where
   */
  public static JsonNode parse(byte[] bytes) throws IOException {
    try (JsonParser parser = FACTORY.createParser(bytes)) {
      return document(parser);
    }
  }

  /** Parses one line of a stream. */
  public static JsonNode parse(String line) throws IOException {
    try (JsonParser parser = FACTORY.createParser(line)) {
      return document(parser);
    }
  }

  private static JsonNode document(JsonParser parser) throws IOException {
    try {
      if (parser.nextToken() == null) {
        return MissingNode.getInstance();
      }
      JsonNode node = value(parser);
      if (parser.nextToken() != null) {
        throw new IOException("not JSON: more follows after its end");
      }
      return node;
    } catch (JsonProcessingException malformed) {
      throw new IOException(explain(malformed), malformed);
    }
  }

  /** Jackson refuses documents deeper than 1000, so the recursion is bounded. */
  private static JsonNode value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> NODES.textNode(parser.getText());
      case VALUE_NUMBER_INT -> integer(parser);
      // As the daemon wrote it: 40.0 and not 4E+1.
      case VALUE_NUMBER_FLOAT -> DecimalNode.valueOf(parser.getDecimalValue());
      case VALUE_TRUE -> NODES.booleanNode(true);
      case VALUE_FALSE -> NODES.booleanNode(false);
      case VALUE_NULL -> NODES.nullNode();
      case END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
          throw new IOException("not JSON: " + parser.currentToken() + " where a value should be");
    };
  }

  private static ObjectNode object(JsonParser parser) throws IOException {
    ObjectNode object = NODES.objectNode();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      object.set(name, value(parser));
    }
    return object;
  }

  private static ArrayNode array(JsonParser parser) throws IOException {
    ArrayNode array = NODES.arrayNode();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      array.add(value(parser));
    }
    return array;
  }

  private static JsonNode integer(JsonParser parser) throws IOException {
    return switch (parser.getNumberType()) {
      case INT -> NODES.numberNode(parser.getIntValue());
      case LONG -> NODES.numberNode(parser.getLongValue());
      case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL -> NODES.numberNode(parser.getBigIntegerValue());
    };
  }

  private static String explain(JsonProcessingException malformed) {
    var at = malformed.getLocation();
    String where =
        at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
    return "not JSON: " + malformed.getOriginalMessage().lines().findFirst().orElse("") + where;
  }
}
