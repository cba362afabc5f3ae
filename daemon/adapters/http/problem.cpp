#include "adapters/http/problem.hpp"

#include <algorithm>

#include "adapters/wire/json.hpp"

namespace tuanyuan::http {
namespace {

constexpr std::string_view type_prefix = "urn:tuanyuan:problem:";
constexpr std::string_view retry_after_s = "2";

const std::string& in(Language language, const core::Text& text) {
  return language == Language::en ? text.en : text.zh;
}

void append_member(std::string_view name, std::string_view text, std::string& out) {
  out += out.size() > 1 && out.back() != '{' ? "," : "";
  wire::append_json_string(name, out);
  out += ':';
  wire::append_json_string(text, out);
}

void append_error(const WrongField& wrong, Language language, std::string& out) {
  out += '{';
  if (wrong.line != 0) {
    out += "\"line\":" + std::to_string(wrong.line);
  }
  append_member("path", wrong.path, out);
  append_member("message", in(language, wrong.message), out);
  out += '}';
}

void append_errors(const std::vector<WrongField>& errors, Language language, std::string& out) {
  out += ",\"errors\":[";
  bool first = true;
  for (const WrongField& wrong : errors) {
    out += first ? "" : ",";
    first = false;
    append_error(wrong, language, out);
  }
  out += ']';
}

}  // namespace

Problem::Problem(const core::Refusal& refusal)
    : status(core::http_status(refusal.code)),
      name(core::problem_name(refusal.code)),
      title(core::problem_title(refusal.code)) {
  if (!(refusal.detail == title)) {
    detail = refusal.detail;
  }
  for (const core::FieldError& field : refusal.fields) {
    errors.emplace_back(0, field.path, field.message);
  }
  if (status == 503) {
    fields.emplace_back("Retry-After", retry_after_s);
  }
}

Problem wrong_field(std::string path, core::Text message) {
  std::vector<core::FieldError> fields;
  fields.emplace_back(std::move(path), std::move(message));
  return Problem(core::Refusal(std::move(fields)));
}

Problem method_not_allowed(std::string allow) {
  Problem problem(405, "method-not-allowed", core::Text("此处不支持该方法", "this method is not supported here"));
  problem.fields.emplace_back("Allow", std::move(allow));
  return problem;
}

Problem not_acceptable() {
  return {406, "not-acceptable",
          core::Text("无法以所要求的类型应答", "there is no answer of a media type that is accepted")};
}

Problem internal_error() {
  return {500, "internal", core::Text("内部错误，请稍后重试", "something is wrong inside; repeat later")};
}

Problem bad_request() {
  return Problem(core::Refusal(core::Errc::malformed));
}

Problem header_too_large() {
  return {431, "header-too-large", core::Text("请求头过大", "the request's header is too large")};
}

Problem request_timeout() {
  return {408, "request-timeout", core::Text("请求未在时限内到齐", "the request did not arrive in time")};
}

Problem expectation_failed() {
  return {417, "expectation-failed", core::Text("不支持该 Expect", "this expectation is not supported")};
}

Problem version_not_supported() {
  return {505, "version-not-supported", core::Text("只支持 HTTP/1.1", "only HTTP/1.1 is spoken here")};
}

Response to_response(const Problem& problem, Language language, std::string_view instance) {
  Response response;
  response.status = problem.status;
  response.content_type = "application/problem+json";
  response.fields = problem.fields;
  response.fields.emplace_back("Content-Language", language == Language::en ? "en" : "zh-CN");
  std::string& body = response.body;
  body = "{";
  append_member("type", std::string(type_prefix) + problem.name, body);
  append_member("title", in(language, problem.title), body);
  body += ",\"status\":" + std::to_string(problem.status);
  if (!problem.detail.zh.empty()) {
    append_member("detail", in(language, problem.detail), body);
  }
  // A URI reference (RFC 9457, section 3.1.5). What was asked for may be none, nor even UTF-8.
  if (!instance.empty() &&
      std::all_of(instance.begin(), instance.end(), [](char c) { return c > ' ' && c < 127; })) {
    append_member("instance", instance, body);
  }
  append_errors(problem.errors, language, body);
  body += '}';
  return response;
}

}  // namespace tuanyuan::http
