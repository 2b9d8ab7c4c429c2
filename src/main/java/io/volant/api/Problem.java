package io.volant.api;

import io.volant.model.FieldProblem;
import java.util.List;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * What a client is told when a call does not work.
 *
 * @param code the kind, for programs
 * @param error one line for people: what is wrong and what to do about it
 * @param details the fields that are wrong
 */
record Problem(ErrorCode code, String error, List<FieldProblem> details) {

  Problem {
    details = List.copyOf(details);
  }

  static Problem of(ErrorCode code, String error) {
    return new Problem(code, error, List.of());
  }

  /** Wrong fields, at least one; the first of them is the headline. */
  static Problem ofFields(ErrorCode code, List<FieldProblem> fields) {
    FieldProblem first = fields.getFirst();
    return new Problem(code, first.field() + " " + first.message(), fields);
  }

  static Problem ofField(String field, String message) {
    return ofFields(ErrorCode.INVALID_FIELD, List.of(new FieldProblem(field, message)));
  }

  /** There is no VM with this name. */
  static Problem noVm(String name) {
    return of(ErrorCode.VM_NOT_FOUND, "no VM has the name '" + Text.shown(name) + "'");
  }

  /** There is no deployment with this name. */
  static Problem noDeployment(String name) {
    return of(
        ErrorCode.DEPLOYMENT_NOT_FOUND, "no deployment has the name '" + Text.shown(name) + "'");
  }

  /** There is no plugin with this name. */
  static Problem noPlugin(String name) {
    return new Problem(
        ErrorCode.PLUGIN_NOT_FOUND,
        "no plugin has the name '" + Text.shown(name) + "'",
        List.of(new FieldProblem("plugin", "is not installed")));
  }

  ProblemException asException() {
    return new ProblemException(this);
  }

  HttpResponse response() {
    return Answers.json(
        code.status(),
        json -> {
          json.writeStartObject();
          json.writeStringField("error", error);
          json.writeStringField("code", code.text());
          json.writeArrayFieldStart("details");
          for (FieldProblem detail : details) {
            json.writeStartObject();
            json.writeStringField("field", detail.field());
            json.writeStringField("message", detail.message());
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }
}
