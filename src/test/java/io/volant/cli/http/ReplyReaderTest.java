package io.volant.cli.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyReaderTest {

  private static Wire.Reply read(String text) throws IOException {
    return ReplyReader.read(
        new ByteArrayInputStream(text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8)));
  }

  private static String body(String text) throws IOException {
    return new String(read(text).body().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void a_body_ends_where_its_length_or_its_last_chunk_or_the_connection_does() throws IOException {
    assertThat(body("HTTP/1.1 200 OK\nContent-Length: 5\n\nhellomore")).isEqualTo("hello");
    assertThat(
            body(
                "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n5;x=1\nhello\nA\n, all of i\n0\n\n"))
        .isEqualTo("hello, all of i");
    assertThat(body("HTTP/1.0 200 OK\n\nall")).isEqualTo("all");
    assertThat(body("HTTP/1.1 204 No Content\n\n")).isEmpty();
  }

  @Test
  void headers_have_lower_case_names_and_what_is_only_a_sign_of_life_is_passed_over()
      throws IOException {
    Wire.Reply reply = read("HTTP/1.1 100 Continue\n\nHTTP/1.1 409 Conflict\nX-One:  a b \n\n");
    assertThat(reply.status()).isEqualTo(409);
    assertThat(reply.headers()).containsEntry("x-one", "a b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "SSH-2.0-x\n\n",
        "HTTP/1.1 2000 OK\n\n",
        "HTTP/1.1 200 OK\nno colon\n\n",
        "HTTP/1.1 200 OK\nContent-Length: 5\n\nhel",
        "HTTP/1.1 200 OK\nContent-Length: many\n\n",
        "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\nzz\n",
        "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n5\nhel",
      })
  void what_is_broken_is_told_and_never_taken_for_whole(String text) {
    assertThatThrownBy(() -> body(text)).isInstanceOf(IOException.class);
  }

  @Test
  void a_head_is_bounded() {
    String endless = "HTTP/1.1 200 OK\nX: " + "x".repeat(100_000);
    assertThatThrownBy(() -> body(endless)).hasMessageContaining("too long");
  }
}
