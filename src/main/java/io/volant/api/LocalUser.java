package io.volant.api;

/**
 * The user at the other end of a unix socket, as the kernel says.
 *
 * @param uid the number of the user
 * @param trusted whether the socket alone makes an administrator: root, and who runs the daemon
 */
public record LocalUser(int uid, boolean trusted) {

  /** No name of a key can look like this, whatever users are called. */
  String principalName() {
    return "uid:" + Integer.toUnsignedString(uid);
  }
}
