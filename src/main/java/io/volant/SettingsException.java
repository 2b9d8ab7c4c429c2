package io.volant;

/** A setting is wrong. The message is one line: the key, its value, what is allowed. */
final class SettingsException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  SettingsException(String key, Object value, String allowed) {
    super(key + " = " + value + ": must be " + allowed);
  }

  SettingsException(String message) {
    super(message);
  }
}
