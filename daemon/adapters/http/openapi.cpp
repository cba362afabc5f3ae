#include "adapters/http/openapi.hpp"

#include <google/protobuf/descriptor.h>

#include <boost/json.hpp>
#include <string_view>
#include <utility>

#include "adapters/http/json_schema.hpp"
#include "adapters/http/limits.hpp"
#include "adapters/http/media.hpp"
#include "adapters/http/route.hpp"
#include "ports/case_desk.hpp"
#include "tuanyuan/v1/problem.pb.h"

namespace tuanyuan::http {
namespace {

using boost::json::array;
using boost::json::object;

object parameter(const char* name, const char* in, const char* description, object schema) {
  return {{"name", name},
          {"in", in},
          {"required", std::string_view(in) == "path"},
          {"description", description},
          {"schema", std::move(schema)}};
}

object text_schema() {
  return {{"type", "string"}};
}

object one_of(std::initializer_list<boost::json::value_ref> values, const char* type) {
  return {{"type", type}, {"enum", array(values)}};
}

object sequence_schema() {
  return {{"type", "integer"}, {"minimum", 0}};
}

void add_page_size(array& parameters) {
  object schema{
      {"type", "integer"}, {"minimum", 1}, {"maximum", ports::page_size_max}, {"default", ports::Page().size}};
  parameters.push_back(parameter("page_size", "query", "How many at the most", std::move(schema)));
  parameters.push_back(parameter("page_token", "query", "The next_page_token of the page before", text_schema()));
}

void add_states(array& parameters) {
  parameters.push_back(
      parameter("state", "query", "Only those in one of these states, comma-separated", text_schema()));
}

void add_paging(Paging paging, array& parameters) {
  switch (paging) {
    case Paging::none:
    case Paging::poster:
      return;
    case Paging::pages:
      add_page_size(parameters);
      return;
    case Paging::reports:
      add_states(parameters);
      add_page_size(parameters);
      return;
    case Paging::alerts:
      add_states(parameters);
      parameters.push_back(parameter("lead_officer", "query",
                                     "Only open cases whose lead officer's name or number has this in it; for the "
                                     "police only",
                                     text_schema()));
      parameters.push_back(parameter("not_shown", "query",
                                     "true: only open cases that displays do not show, or no longer",
                                     object{{"type", "boolean"}}));
      add_page_size(parameters);
      return;
    case Paging::area:
      for (const char* name : {"latitude", "longitude", "radius_km"}) {
        object number{{"type", "number"}};
        parameters.push_back(
            parameter(name, "query", "A circle (WGS-84, kilometres): all three", std::move(number)));
      }
      parameters.push_back(
          parameter("division", "query", "A division, or the first digits of one", text_schema()));
      parameters.push_back(parameter("by", "query",
                                     "Also each division one level below that one; without one, the provinces",
                                     one_of({"division"}, "string")));
      add_page_size(parameters);
      return;
    case Paging::outbox:
      parameters.push_back(parameter("channel", "query", "Only what goes by this channel", text_schema()));
      parameters.push_back(parameter("alert", "query", "Only what is of this alert", text_schema()));
      add_page_size(parameters);
      return;
    case Paging::sequence:
      parameters.push_back(parameter("after", "query", "Entries after this sequence number", sequence_schema()));
      add_page_size(parameters);
      return;
    case Paging::events:
      parameters.push_back(
          parameter("Last-Event-ID", "header", "Events after this sequence number", sequence_schema()));
      parameters.push_back(parameter("last_event_id", "query", "The same, for the first time", sequence_schema()));
      return;
  }
}

void add_poster_query(array& parameters) {
  parameters.push_back(
      parameter("format", "query",
                "What it is to be; without it Accept decides. led: text, or a PDF where Accept or led-pdf says so",
                one_of({"html", "pdf", "led", "led-pdf", "script"}, "string")));
  parameters.push_back(parameter(
      "audience", "query",
      "Whose copy an officer wants: PUBLIC where it was released, else PARTNER, and on a page POLICE "
      "where nobody else was ever told. A recipient gets its own. That of the police says that it is theirs",
      one_of({"POLICE", "PARTNER", "PUBLIC"}, "string")));
  parameters.push_back(
      parameter("language", "query", "BCP 47; zh-CN where the notice is not in it", text_schema()));
  parameters.push_back(
      parameter("seconds", "query", "Only the script of this length", one_of({15, 30}, "integer")));
}

array parameters_of(const Route& route) {
  array parameters;
  if (route.pattern.find("{id}") != std::string_view::npos) {
    object schema{{"type", "string"}, {"pattern", "^[A-Za-z0-9_-]{1,64}$"}};
    parameters.push_back(parameter("id", "path", "What the call is about", std::move(schema)));
  }
  add_paging(route.paging, parameters);
  if (route.paging == Paging::poster) {
    add_poster_query(parameters);
  }
  if (route.remembered) {
    object schema{{"type", "string"}, {"minLength", 1}, {"maxLength", idempotency_key_bytes_max}};
    parameters.push_back(
        parameter("Idempotency-Key", "header", "The same key and body give the same answer", std::move(schema)));
  }
  parameters.push_back(parameter("Accept-Language", "header", "zh-CN or en, for what people read", text_schema()));
  return parameters;
}

object binary(MessageType message) {
  object schema{
      {"type", "string"}, {"contentMediaType", protobuf_type}, {"x-protobuf-message", message()->full_name()}};
  return {{"schema", std::move(schema)}};
}

object of_schema(object schema) {
  return {{"schema", std::move(schema)}};
}

object request_body(const Route& route, SchemaBook& schemas) {
  object content;
  if (route.body == BodyKind::import) {
    content.emplace(csv_type, of_schema(text_schema()));
    content.emplace(ndjson_type, of_schema(text_schema()));
  } else if (route.body == BodyKind::form) {
    content.emplace(form_type, of_schema({{"type", "object"}}));
    content.emplace(json_type, of_schema({{"type", "object"}}));
  } else {
    content.emplace(json_type, of_schema(schemas.refer(*route.body_message(), Direction::request)));
    content.emplace(protobuf_type, binary(route.body_message));
  }
  return {{"required", route.body != BodyKind::optional_message}, {"content", std::move(content)}};
}

object messages(const Route& route, SchemaBook& schemas) {
  return {{json_type, of_schema(schemas.refer(*route.answer_message(), Direction::answer))},
          {protobuf_type, binary(route.answer_message)}};
}

object answer_content(const Route& route, SchemaBook& schemas) {
  switch (route.answer) {
    case AnswerForm::message:
      return messages(route, schemas);
    case AnswerForm::photo:
      return {{"image/jpeg", object()}, {"image/png", object()}};
    case AnswerForm::poster:
      return {{page_type, of_schema(text_schema())}, {pdf_type, object()}, {text_type, of_schema(text_schema())}};
    case AnswerForm::events: {
      object event = of_schema(text_schema());
      event.emplace("x-event-data", schemas.refer(*route.answer_message(), Direction::answer));
      return {{event_stream_type, std::move(event)}};
    }
    case AnswerForm::keys: {
      object content = messages(route, schemas);
      object key_list{{"type", "array"}, {"items", object{{"type", "object"}}}};
      object set{
          {"type", "object"}, {"required", array{"keys"}}, {"properties", object{{"keys", std::move(key_list)}}}};
      content.emplace(jwk_set_type, of_schema(std::move(set)));
      return content;
    }
    case AnswerForm::text:
      return {{text_type, of_schema(text_schema())}, {page_type, of_schema(text_schema())}};
    case AnswerForm::openapi:
      return {{json_type, of_schema({{"type", "object"}})}};
  }
  return {};
}

void add_problems(const Route& route, object& responses) {
  const bool has_id = route.pattern.find("{id}") != std::string_view::npos;
  const bool has_body = route.body != BodyKind::none;
  const bool has_query = route.paging != Paging::none;
  const std::pair<const char*, bool> problems[] = {
      {"400", true},
      {"401", !route.callers.open()},
      {"403", !route.callers.open()},
      {"404", has_id},
      {"406", true},
      {"409", route.unsafe()},
      {"413", has_body},
      {"415", has_body},
      {"422", has_body || has_query || route.unsafe()},
      {"503", true},
  };
  for (const auto& [status, possible] : problems) {
    if (possible) {
      responses.emplace(status, object{{"$ref", "#/components/responses/Problem"}});
    }
  }
}

array roles_of(const Route& route) {
  array roles;
  for (const core::Role role : Callers::all_roles) {
    if (route.callers.names(role)) {
      roles.emplace_back(core::to_string(role));
    }
  }
  return roles;
}

object operation(const Route& route, SchemaBook& schemas) {
  object responses;
  responses.emplace(std::to_string(route.status),
                    object{{"description", route.summary}, {"content", answer_content(route, schemas)}});
  add_problems(route, responses);
  object described{{"operationId", route.name}, {"summary", route.summary}};
  if (route.callers.open()) {
    described.emplace("security", array());
  } else if (array roles = roles_of(route); !roles.empty()) {
    described.emplace("x-roles", std::move(roles));
  }
  described.emplace("parameters", parameters_of(route));
  if (route.body != BodyKind::none) {
    described.emplace("requestBody", request_body(route, schemas));
  }
  described.emplace("responses", std::move(responses));
  return described;
}

std::string lower(std::string_view method) {
  std::string lowered;
  for (const char c : method) {
    lowered += static_cast<char>(c - 'A' + 'a');
  }
  return lowered;
}

object paths(SchemaBook& schemas) {
  object all;
  for (const Route& route : routes()) {
    object& path = all.emplace(route.pattern.substr(api_root.size()), object()).first->value().as_object();
    path.emplace(lower(route.method), operation(route, schemas));
  }
  return all;
}

object info() {
  return {
      {"title", "tuanyuan"},
      {"version", api_version},
      {"description",
       "Missing-child alerts: reports, releases, acknowledgements, sightings. Mutual TLS; the certificate names "
       "unit and roles. Refusals are said in the order 401/403, 404, 409, then what is wrong with the request."},
      {"license", object{{"name", "Apache-2.0"}, {"identifier", "Apache-2.0"}}}};
}

object components(SchemaBook& schemas) {
  object problem{{"description", "Refused (RFC 9457)"},
                 {"content", object{{"application/problem+json",
                                     of_schema(schemas.refer(*v1::Problem::descriptor(), Direction::answer))}}}};
  return {{"securitySchemes", object{{"certificate", object{{"type", "mutualTLS"}}}}},
          {"responses", object{{"Problem", std::move(problem)}}},
          {"schemas", schemas.take()}};
}

}  // namespace

std::string openapi_document() {
  SchemaBook schemas;
  object document{{"openapi", "3.1.0"}, {"info", info()}};
  document.emplace("servers", array{object{{"url", api_root}}});
  document.emplace("security", array{object{{"certificate", array()}}});
  document.emplace("paths", paths(schemas));
  document.emplace("components", components(schemas));
  return boost::json::serialize(document);
}

}  // namespace tuanyuan::http
