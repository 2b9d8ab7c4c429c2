package io.volant.fledge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

class FileTreeTest {
  private final FileTree tree = new FileTree();

  @Test
  void parents_are_made_and_stand_before_what_is_in_them() throws BuildFailure {
    tree.link("/a-b", "a");
    tree.file("/a/b/c", 0644, Content.of("x"));
    assertThat(tree.entries().keySet()).containsExactly("/a", "/a-b", "/a/b", "/a/b/c");
    assertThat(tree.at("/a")).isEqualTo(new TreeEntry.Folder(0755));
  }

  @Test
  void what_is_put_later_replaces_a_file_or_a_folders_mode() throws BuildFailure {
    tree.file("/a", 0644, Content.of("x"));
    tree.link("/a", "b");
    assertThat(tree.at("/a")).isEqualTo(new TreeEntry.Link("b"));
    tree.folder("/d", 0755);
    tree.folder("/d", 0700);
    assertThat(tree.at("/d")).isEqualTo(new TreeEntry.Folder(0700));
  }

  @Test
  void a_folder_and_something_else_never_replace_each_other() throws BuildFailure {
    tree.link("/lib64", "lib");
    tree.folder("/etc", 0755);
    assertThatExceptionOfType(BuildFailure.class)
        .isThrownBy(() -> tree.file("/lib64/x", 0644, Content.of("x")))
        .withMessageContaining("/lib64 is not a folder there");
    assertThatExceptionOfType(BuildFailure.class)
        .isThrownBy(() -> tree.file("/etc", 0644, Content.of("x")))
        .withMessageContaining("/etc would be both a folder and something else");
    assertThatExceptionOfType(BuildFailure.class)
        .isThrownBy(() -> tree.folder("/lib64", 0755))
        .withMessageContaining("/lib64 would be both");
  }

  @Test
  void a_path_that_linux_could_not_open_is_refused() {
    assertThatExceptionOfType(BuildFailure.class)
        .isThrownBy(() -> tree.folder("/" + "ü".repeat(2048), 0755))
        .withMessageContaining("too long");
  }
}
