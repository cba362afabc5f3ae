#include "adapters/http/exchange.hpp"

#include <google/protobuf/message.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "adapters/http/limits.hpp"
#include "adapters/http/media.hpp"
#include "adapters/wire/json.hpp"
#include "adapters/wire/json_base64.hpp"
#include "adapters/wire/json_names.hpp"

namespace tuanyuan::http {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr std::array<std::string_view, 2> message_types{json_type, protobuf_type};
constexpr std::array<std::string_view, 3> keys_types{json_type, protobuf_type, jwk_set_type};
constexpr std::array<std::string_view, 2> import_types{csv_type, ndjson_type};

std::string sha256_hex(std::initializer_list<std::string_view> parts) {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_DigestInit_ex(context, EVP_sha256(), nullptr);
  for (const std::string_view part : parts) {
    EVP_DigestUpdate(context, part.data(), part.size());
    EVP_DigestUpdate(context, "", 1);  // so that the border between two parts counts
  }
  EVP_DigestFinal_ex(context, digest.data(), &size);
  EVP_MD_CTX_free(context);
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) {
    hex += digits[digest[i] >> 4];
    hex += digits[digest[i] & 15];
  }
  return hex;
}

bool is_visible_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 127; });
}

/// What a binary body holds that the messages here do not know, by field number: the first field_errors_max, since
/// a body of two octets a field has room for millions.
void find_unknown(const Message& message, const std::string& path, std::vector<core::FieldError>& wrong) {
  const auto& reflection = *message.GetReflection();
  const auto& unknown = reflection.GetUnknownFields(message);
  for (int i = 0; i < unknown.field_count() && wrong.size() < field_errors_max; ++i) {
    wrong.emplace_back(path + std::to_string(unknown.field(i).number()), core::Text("未知字段", "unknown field"));
  }
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (wrong.size() >= field_errors_max) {
      return;
    }
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || field->is_map()) {
      continue;
    }
    const std::string below = path + std::string(field->json_name());
    if (!field->is_repeated()) {
      find_unknown(reflection.GetMessage(message, field), below + '.', wrong);
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
      find_unknown(reflection.GetRepeatedMessage(message, field, i), below + '[' + std::to_string(i) + "].",
                   wrong);
    }
  }
}

Outcome<void> read_protobuf(const std::string& body, Message& message) {
  if (!message.ParseFromString(body)) {
    return Problem(core::Refusal(core::Errc::malformed));
  }
  std::vector<core::FieldError> wrong;
  find_unknown(message, "", wrong);
  if (!wrong.empty()) {
    return Problem(core::Refusal(std::move(wrong)));
  }
  return {};
}

Outcome<void> read_json(const std::string& body, Message& message) {
  wire::JsonLimits limits;
  limits.text_bytes_max = report_body_bytes_max;
  limits.depth_max = json_depth_max;
  limits.errors_max = field_errors_max;
  const core::Result<void> read = wire::decode_json(body, message, limits);
  if (!read) {
    return Problem(read.error());
  }
  return {};
}

}  // namespace

Exchange::Exchange(Request request, Target target, const Route& route, std::string id)
    : request_(std::move(request)),
      target_(std::move(target)),
      route_(&route),
      id_(std::move(id)),
      language_(language_of(request_.accept_language)) {
  if (const auto& given = request_.content_type; given) {
    body_type_ = essence_of(*given).value_or("");
  } else {
    body_type_ = json_type;
  }
  if (route.unsafe()) {
    obstacle_ = find_obstacle();
  }
}

std::optional<Problem> Exchange::find_obstacle() const {
  if (request_.overloaded) {
    return Problem(core::Refusal(core::Errc::overloaded));
  }
  if (request_.body_too_large) {
    return Problem(core::Refusal(core::Errc::too_large));
  }
  const bool has_body = route_->body != BodyKind::none && !request_.body.empty();
  const bool of_a_file = route_->body == BodyKind::import;
  const auto& types = of_a_file ? import_types : message_types;
  const bool known_type = route_->body == BodyKind::form
                              ? body_type_ == form_type || body_type_ == json_type
                              : std::find(types.begin(), types.end(), body_type_) != types.end();
  // Bodies are taken as they are: unpacking them would need limits of its own.
  const bool packed = request_.content_encoding && *request_.content_encoding != "identity";
  if ((has_body || of_a_file) && (!known_type || packed)) {
    return Problem(core::Refusal(core::Errc::unsupported_media));
  }
  if (!answer_type()) {
    return not_acceptable();
  }
  const auto& key = request_.idempotency_key;
  if (key && (key->empty() || key->size() > idempotency_key_bytes_max || !is_visible_ascii(*key))) {
    return wrong_field("Idempotency-Key", core::Text("须为 1 至 255 个可见 ASCII 字符",
                                                     "has to be 1 to 255 visible ASCII characters"));
  }
  return std::nullopt;
}

std::optional<std::string_view> Exchange::answer_type() const {
  switch (route_->answer) {
    case AnswerForm::keys:
      return choose(request_.accept, keys_types);
    case AnswerForm::message:
      return choose(request_.accept, message_types);
    default:
      return json_type;
  }
}

Outcome<void> Exchange::read_body(Message& message) const {
  if (obstacle_) {
    return *obstacle_;
  }
  if (request_.body.empty() && route_->body == BodyKind::optional_message) {
    return {};
  }
  return body_type_ == protobuf_type ? read_protobuf(request_.body, message) : read_json(request_.body, message);
}

ports::Idempotency Exchange::once() const {
  if (!request_.idempotency_key) {
    return {};
  }
  const core::Caller who = caller();
  const std::string name = who.roles.contains(core::Role::recipient) ? "recipient/" + who.recipient.value
                                                                     : who.unit + '/' + who.officer;
  std::string key = name + ' ' + request_.method + ' ' + target_.path + ' ' + *request_.idempotency_key;
  return ports::Idempotency(std::move(key), sha256_hex({body_type_, request_.body}));
}

Outcome<ports::Page> Exchange::page() const {
  ports::Page page;
  std::vector<core::FieldError> wrong;
  if (const auto size = target_.parameter("page_size")) {
    const char* end = size->data() + size->size();
    const auto [stop, error] = std::from_chars(size->data(), end, page.size);
    if (error != std::errc{} || stop != end || page.size == 0 || page.size > ports::page_size_max) {
      wrong.emplace_back("page_size", core::Text("须为 1 至 1000 的整数", "has to be a whole number, 1 to 1000"));
    }
  }
  if (const auto token = target_.parameter("page_token"); token && !token->empty()) {
    auto plain = token->size() <= 2 * page_token_bytes_max ? wire::decode_base64(*token) : std::nullopt;
    if (!plain || plain->size() > page_token_bytes_max) {
      wrong.emplace_back("page_token", core::Text("不是此列表给出的标记", "is not a token of this list"));
    }
    page.token = std::move(plain).value_or("");
  }
  if (!wrong.empty()) {
    return Problem(core::Refusal(std::move(wrong)));
  }
  return page;
}

Outcome<std::uint64_t> Exchange::sequence(std::string_view path, const std::optional<std::string>& text,
                                          std::uint64_t none) const {
  if (!text) {
    return none;
  }
  std::uint64_t value = 0;
  const char* end = text->data() + text->size();
  const auto [stop, error] = std::from_chars(text->data(), end, value);
  if (error != std::errc{} || stop != end) {
    return wrong_field(std::string(path), core::Text("须为日志序号", "has to be a sequence number"));
  }
  return value;
}

Response Exchange::answer(const Message& message) const {
  if (answer_type() == protobuf_type) {
    return answer(std::string(), message.SerializeAsString());
  }
  return answer(wire::encode_json(message), std::string());
}

Response Exchange::answer(std::string json, std::string protobuf) const {
  const std::optional<std::string_view> type = answer_type();
  if (!type) {
    return refuse(not_acceptable());
  }
  Response response;
  response.status = route_->status;
  response.content_type = *type;
  response.body = type == protobuf_type ? std::move(protobuf) : std::move(json);
  return response;
}

Response Exchange::refuse(const Problem& problem) const {
  return to_response(problem, language_, target_.path);
}

std::string Exchange::opaque(std::string_view token) {
  std::string text;
  wire::append_base64url(token, text);
  return text;
}

}  // namespace tuanyuan::http
