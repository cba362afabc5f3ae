#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <bitset>
#include <boost/json/basic_parser_impl.hpp>
#include <limits>
#include <optional>
#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

#include "adapters/wire/json.hpp"
#include "adapters/wire/json_names.hpp"
#include "adapters/wire/json_scalar.hpp"

namespace tuanyuan::wire {
namespace {

using boost::json::error_code;
using core::Errc;
using core::FieldError;
using core::Refusal;
using core::Text;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr std::size_t message_fields_max = 128;
constexpr std::size_t shown_name_bytes_max = 64;

Text unknown_field() {
  return {"未知字段", "unknown field"};
}
Text given_twice() {
  return {"重复给出", "given more than once"};
}
Text oneof_given_twice() {
  return {"与另一字段只能给出其一", "excludes another field that is given too"};
}
Text null_in_list() {
  return {"此处不允许 null", "must not be null here"};
}
Text bad_key() {
  return {"键不符合要求", "the key is not of the right kind"};
}

Text too_long() {
  return {"JSON 文本过长", "the JSON text is too long"};
}
Text too_many_elements() {
  return {"JSON 元素过多", "the JSON text has too many elements"};
}
Text too_deep(std::size_t depth_max) {
  const std::string depth = std::to_string(depth_max);
  return {"JSON 嵌套超过 " + depth + " 层", "the JSON text is nested deeper than " + depth + " levels"};
}
Text not_json(std::size_t at) {
  const std::string offset = std::to_string(at);
  return {"不是有效的 JSON（第 " + offset + " 字节处）", "not valid JSON (at byte " + offset + ")"};
}

// A caller's own name for something, short enough to be shown and whole in its last character.
std::string_view shown_name(std::string_view name) {
  if (name.size() <= shown_name_bytes_max) {
    return name;
  }
  std::size_t end = shown_name_bytes_max;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xc0) == 0x80) {
    --end;
  }
  return name.substr(0, end);
}

/// An object or array that is being read.
struct Frame {
  enum class Shape { message, list, map };

  Shape shape;
  Message* message;                        // that is filled, or that owns the list or map
  const FieldDescriptor* field = nullptr;  // being read; of a list or map: itself
  std::bitset<message_fields_max> given;   // fields of a message, by their index
  int next = 0;                            // where the next field is most likely found
  std::size_t elements = 0;                // of a list, begun so far
  std::string key;                         // of a map, being read
  std::set<std::string> keys;              // of a map, read so far

  Frame(Shape what, Message& where, const FieldDescriptor* which) : shape(what), message(&where), field(which) {}
};

/// Takes the parser's events and fills the message, gathering what is wrong on the way. Values that have no
/// place (under an unknown name, or of the wrong type) are read past.
class Handler {
 public:
  // The parser's own limits; the text as a whole is limited before.
  static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_array_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_key_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_string_size = std::numeric_limits<std::size_t>::max();

  Handler(Message& into, const JsonLimits& limits) : root_(into), limits_(limits) { frames_.reserve(8); }

  std::vector<FieldError>& errors() { return errors_; }
  bool has_too_many_elements() const { return elements_ > limits_.elements_max; }

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_comment_part(std::string_view, error_code&) { return true; }
  bool on_comment(std::string_view, error_code&) { return true; }

  bool on_object_begin(error_code& ec) { return begin(true) && go_on(ec); }
  bool on_array_begin(error_code& ec) { return begin(false) && go_on(ec); }
  bool on_object_end(std::size_t, error_code&) { return end(); }
  bool on_array_end(std::size_t, error_code&) { return end(); }

  bool on_key_part(boost::json::string_view part, std::size_t, error_code&) { return gather(part); }
  bool on_key(boost::json::string_view last, std::size_t, error_code& ec) {
    take_key(whole(last));
    parts_.clear();
    return go_on(ec);
  }
  bool on_string_part(boost::json::string_view part, std::size_t, error_code&) { return gather(part); }
  bool on_string(boost::json::string_view last, std::size_t, error_code& ec) {
    const std::string_view text = whole(last);
    take_scalar([text](const JsonSlot& slot) { return slot.store_text(text); });
    parts_.clear();
    return go_on(ec);
  }

  // Numbers are read anew from their text: which type they have is for the field to say, and the parser's own
  // doubles may be off in the last place.
  bool on_number_part(boost::json::string_view part, error_code&) { return gather(part); }
  bool on_int64(std::int64_t, boost::json::string_view text, error_code& ec) { return on_number(text, ec); }
  bool on_uint64(std::uint64_t, boost::json::string_view text, error_code& ec) { return on_number(text, ec); }
  bool on_double(double, boost::json::string_view text, error_code& ec) { return on_number(text, ec); }

  bool on_bool(bool value, error_code& ec) {
    take_scalar([value](const JsonSlot& slot) { return slot.store_bool(value); });
    return go_on(ec);
  }
  bool on_null(error_code& ec) {
    take_null();
    return go_on(ec);
  }

 private:
  bool gather(boost::json::string_view part) {
    parts_.append(part.data(), part.size());
    return true;
  }

  // Most texts come in one piece, and are not copied.
  std::string_view whole(boost::json::string_view last) {
    if (parts_.empty()) {
      return {last.data(), last.size()};
    }
    gather(last);
    return parts_;
  }

  bool on_number(boost::json::string_view last, error_code& ec) {
    const std::string_view text = whole(last);
    take_scalar([text](const JsonSlot& slot) { return slot.store_number(text); });
    parts_.clear();
    return go_on(ec);
  }

  // False, with an error, where reading on would help nobody.
  bool go_on(error_code& ec) const {
    if (errors_.size() < limits_.errors_max && !has_too_many_elements()) {
      return true;
    }
    ec = boost::json::error::exception;
    return false;
  }

  void wrong(Text what) { errors_.emplace_back(path(), std::move(what)); }

  std::string path() const {
    std::string path;
    for (const Frame& frame : frames_) {
      switch (frame.shape) {
        case Frame::Shape::message:
          if (frame.field != nullptr) {
            path += path.empty() ? "" : ".";
            path += frame.field->json_name();
          }
          break;
        case Frame::Shape::list:
          path += '[' + std::to_string(frame.elements - 1) + ']';
          break;
        case Frame::Shape::map:
          path += '.';
          path += shown_name(frame.key);
          break;
      }
    }
    return path;
  }

  void take_key(std::string_view name) {
    if (ignored_depth_ != 0) {
      return;
    }
    Frame& frame = frames_.back();
    if (frame.shape == Frame::Shape::map) {
      return take_map_key(frame, name);
    }
    frame.field = find_field(frame, name);
    if (frame.field == nullptr) {
      const std::string parent = path();
      errors_.emplace_back(parent + (parent.empty() ? "" : ".") + std::string(shown_name(name)), unknown_field());
      ignore_next_ = true;
      return;
    }
    const auto index = static_cast<std::size_t>(frame.field->index());
    if (frame.given.test(index)) {
      wrong(given_twice());
      ignore_next_ = true;
    }
    frame.given.set(index);
  }

  void take_map_key(Frame& frame, std::string_view name) {
    ++elements_;
    frame.key = name;
    if (!frame.keys.emplace(name).second) {
      wrong(given_twice());
      ignore_next_ = true;
    }
  }

  // Whoever writes fields mostly writes them in the order of their declaration.
  static const FieldDescriptor* find_field(Frame& frame, std::string_view name) {
    const Descriptor& descriptor = *frame.message->GetDescriptor();
    const int count = descriptor.field_count();
    for (int step = 0; step < count; ++step) {
      const int index = frame.next + step < count ? frame.next + step : frame.next + step - count;
      const FieldDescriptor* field = descriptor.field(index);
      if (field->json_name() == name || field->name() == name) {
        frame.next = index + 1;
        return field;
      }
    }
    return nullptr;
  }

  // True where the value that begins is to be read past.
  bool ignored() {
    if (ignored_depth_ != 0) {
      return true;
    }
    return std::exchange(ignore_next_, false);
  }

  // Where the value that begins belongs; for a repeated field or a map as a whole, the field itself.
  std::optional<JsonSlot> slot() {
    Frame& frame = frames_.back();
    switch (frame.shape) {
      case Frame::Shape::message:
        return field_slot(frame);
      case Frame::Shape::list:
        ++elements_;
        ++frame.elements;
        return JsonSlot{*frame.message, *frame.field};
      case Frame::Shape::map:
        return entry_slot(frame);
    }
    throw std::logic_error("a frame of no known shape");
  }

  std::optional<JsonSlot> field_slot(Frame& frame) {
    if (frame.field->real_containing_oneof() != nullptr &&
        frame.message->GetReflection()->HasOneof(*frame.message, frame.field->real_containing_oneof())) {
      wrong(oneof_given_twice());
      return std::nullopt;
    }
    return JsonSlot{*frame.message, *frame.field};
  }

  std::optional<JsonSlot> entry_slot(Frame& frame) {
    Message& entry = *frame.message->GetReflection()->AddMessage(frame.message, frame.field);
    const Descriptor& descriptor = *frame.field->message_type();
    const FieldDescriptor& key = *descriptor.map_key();
    const JsonSlot key_slot{entry, key};
    const bool is_bool = key.cpp_type() == FieldDescriptor::CPPTYPE_BOOL;
    const bool is_word = frame.key == "true" || frame.key == "false";
    const std::optional<Text> refused =
        is_bool && is_word ? key_slot.store_bool(frame.key == "true") : key_slot.store_text(frame.key);
    if (refused) {
      wrong(bad_key());
      return std::nullopt;
    }
    return JsonSlot{entry, *descriptor.map_value()};
  }

  // A field that is a list or a map as a whole, not one of its elements.
  bool is_whole_list() const {
    return frames_.back().shape == Frame::Shape::message && frames_.back().field->is_repeated();
  }

  template <class Store>
  void take_scalar(Store store) {
    if (ignored()) {
      return;
    }
    if (frames_.empty()) {
      return wrong(object_needed());
    }
    if (is_whole_list()) {
      return wrong(frames_.back().field->is_map() ? object_needed() : list_needed());
    }
    if (const std::optional<JsonSlot> place = slot()) {
      if (std::optional<Text> needed = store(*place)) {
        wrong(std::move(*needed));
      }
    }
  }

  // Null is absence, which only a field can have.
  void take_null() {
    if (ignored()) {
      return;
    }
    if (frames_.empty()) {
      return wrong(object_needed());
    }
    if (frames_.back().shape == Frame::Shape::message) {
      return;
    }
    if (slot()) {
      wrong(null_in_list());
    }
  }

  bool begin(bool is_object) {
    if (ignored()) {
      ++ignored_depth_;
    } else if (std::optional<Text> needed = open(is_object)) {
      wrong(std::move(*needed));
      ++ignored_depth_;
    }
    return true;
  }

  bool end() {
    if (ignored_depth_ != 0) {
      --ignored_depth_;
    } else {
      frames_.pop_back();
    }
    return true;
  }

  // Steps into an object or array, or answers what is needed instead.
  std::optional<Text> open(bool is_object) {
    if (frames_.empty()) {
      return is_object ? open_message(root_) : std::optional(object_needed());
    }
    if (is_whole_list()) {
      return open_whole(is_object);
    }
    const std::optional<JsonSlot> place = slot();
    if (!place) {
      ++ignored_depth_;
      return std::nullopt;
    }
    const bool fits = is_object && place->field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
                      json_form(*place->field.message_type()) == JsonForm::object;
    return fits ? open_message(place->make_message()) : std::optional(place->needed());
  }

  std::optional<Text> open_whole(bool is_object) {
    const Frame& owner = frames_.back();
    if (owner.field->is_map() != is_object) {
      return owner.field->is_map() ? object_needed() : list_needed();
    }
    const Frame::Shape shape = is_object ? Frame::Shape::map : Frame::Shape::list;
    frames_.emplace_back(shape, *owner.message, owner.field);
    return std::nullopt;
  }

  std::optional<Text> open_message(Message& message) {
    if (static_cast<std::size_t>(message.GetDescriptor()->field_count()) > message_fields_max) {
      throw std::logic_error("too many fields: " + message.GetDescriptor()->full_name());
    }
    frames_.emplace_back(Frame::Shape::message, message, nullptr);
    return std::nullopt;
  }

  Message& root_;
  const JsonLimits& limits_;
  std::vector<Frame> frames_;
  std::vector<FieldError> errors_;
  std::string parts_;
  std::size_t elements_ = 0;
  std::size_t ignored_depth_ = 0;
  bool ignore_next_ = false;
};

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

std::optional<Refusal> read(std::string_view text, Message& into, const JsonLimits& limits) {
  if (text.size() > limits.text_bytes_max) {
    return Refusal(Errc::too_large, too_long());
  }
  boost::json::parse_options options;
  options.max_depth = limits.depth_max;
  boost::json::basic_parser<Handler> parser(options, into, limits);
  error_code ec;
  const std::size_t used = parser.write_some(false, text.data(), text.size(), ec);
  Handler& handler = parser.handler();
  if (handler.has_too_many_elements()) {
    return Refusal(Errc::too_large, too_many_elements());
  }
  if (ec == boost::json::error::too_deep) {
    return Refusal(Errc::malformed, too_deep(limits.depth_max));
  }
  const bool stopped = ec == boost::json::error::exception;
  if ((ec && !stopped) || (!ec && !is_blank(text.substr(used)))) {
    return Refusal(Errc::malformed, not_json(used));
  }
  if (!handler.errors().empty()) {
    return Refusal(std::move(handler.errors()));
  }
  return std::nullopt;
}

}  // namespace

core::Result<void> decode_json_partly(std::string_view text, Message& into, const JsonLimits& limits) {
  into.Clear();
  std::optional<Refusal> refusal = read(text, into, limits);
  if (refusal) {
    return std::move(*refusal);
  }
  return {};
}

core::Result<void> decode_json(std::string_view text, Message& into, const JsonLimits& limits) {
  core::Result<void> read = decode_json_partly(text, into, limits);
  if (!read) {
    into.Clear();
  }
  return read;
}

}  // namespace tuanyuan::wire
