package io.volant.manifest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * One document: its text, or the file that has it. Exactly one of content and path is given.
 *
 * @param inline as written; says nothing that {@code content} does not
 * @param content the text itself
 * @param path a file that the command line reads and puts in as content
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CloudInitDocument(
    @JsonProperty("inline") @Nullable Boolean inline,
    @JsonProperty("content") @Nullable String content,
    @JsonProperty("path") @Nullable String path) {}
