#include "adapters/push/h2_session.hpp"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <forward_list>
#include <new>
#include <unordered_map>
#include <utility>

namespace tuanyuan::push {
namespace {

struct Freed {
  void operator()(nghttp2_session* session) const noexcept { nghttp2_session_del(session); }
  void operator()(nghttp2_session_callbacks* callbacks) const noexcept {
    nghttp2_session_callbacks_del(callbacks);
  }
  void operator()(nghttp2_option* option) const noexcept { nghttp2_option_del(option); }
};
using Session = std::unique_ptr<nghttp2_session, Freed>;
using Callbacks = std::unique_ptr<nghttp2_session_callbacks, Freed>;
using Option = std::unique_ptr<nghttp2_option, Freed>;

void require(int status) {
  if (status != 0) {
    throw std::bad_alloc();  // the only failure of these calls that is not a programming error
  }
}

/// Those whose names are worth a place in the table and whose values are not, since each comes once. The path
/// and the authorization never go into a table at all: one is as long as a token and never repeated, and of the
/// other a table could be probed (RFC 7541, section 7.1).
constexpr std::array<std::string_view, 3> indexed_once = {"apns-id", "apns-expiration", "apns-collapse-id"};

std::string_view view(const std::uint8_t* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

/// As names have to be (RFC 9113, section 8.2). `kept` holds those that were not.
std::string_view lower_case(const std::string& name, std::forward_list<std::string>& kept) {
  const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (std::none_of(name.begin(), name.end(), is_upper)) {
    return name;
  }
  std::string& lower = kept.emplace_front(name);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [&](char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; });
  return lower;
}

nghttp2_nv field_of(std::string_view name, std::string_view value, std::uint8_t flags) {
  nghttp2_nv field;
  field.name = reinterpret_cast<std::uint8_t*>(const_cast<char*>(name.data()));
  field.value = reinterpret_cast<std::uint8_t*>(const_cast<char*>(value.data()));
  field.namelen = name.size();
  field.valuelen = value.size();
  field.flags = flags;
  return field;
}

struct Stream {
  std::shared_ptr<const HttpRequest> request;
  std::size_t sent = 0;  ///< of its body
  HttpAnswer answer;
  std::size_t head_bytes = 0;
  std::size_t interim = 0;
  bool has_left = false;
  bool is_whole = false;  ///< the answer is, as far as it is read
  bool is_forgotten = false;
};

}  // namespace

std::string goaway_reason(std::string_view opaque_data) {
  constexpr std::string_view key = R"("reason")";
  const std::size_t found = opaque_data.find(key);
  if (found == opaque_data.npos) {
    return {};
  }
  std::string_view rest = opaque_data.substr(found + key.size());
  const auto skip = [&rest](char wanted) {
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
    const bool is_there = rest.starts_with(wanted);
    rest.remove_prefix(is_there ? 1 : 0);
    return is_there;
  };
  if (!skip(':') || !skip('"')) {
    return {};
  }
  const std::string_view word = rest.substr(0, rest.find('"'));
  const bool is_plain = word.size() < rest.size() && word.size() <= goaway_reason_bytes_max &&
                        std::all_of(word.begin(), word.end(),
                                    [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; });
  return is_plain ? std::string(word) : std::string();
}

struct H2Session::State {
  explicit State(const H2SessionLimits& most) : limits(most) {}

  H2SessionLimits limits;
  std::unordered_map<StreamId, Stream> streams;
  StreamId found_id = 0;  ///< what was looked for last; 0 (the connection itself): nothing
  Stream* last_found = nullptr;
  std::vector<Ended> ended;
  std::array<bool, indexed_once.size()> is_indexed{};
  bool is_ready = false;
  bool is_draining = false;
  bool has_answered = false;
  bool awaits_ping = false;
  std::string farewell;
  std::string out;  ///< to be written
  Session session;  ///< calls into the others until it is gone

  Stream* find(StreamId id) {
    if (id != found_id) {  // the fields of one answer come one after the other
      const auto there = streams.find(id);
      found_id = there == streams.end() ? 0 : id;
      last_found = there == streams.end() ? nullptr : &there->second;
    }
    return found_id == 0 ? nullptr : last_found;
  }

  void cancel(StreamId id) {
    require(nghttp2_submit_rst_stream(session.get(), NGHTTP2_FLAG_NONE, id, NGHTTP2_CANCEL));
  }

  /// The other side has nothing more to say; what we would still have to is of no use.
  void answer_ends(StreamId id) {
    Stream* stream = find(id);
    if (stream == nullptr) {
      return;
    }
    stream->is_whole = true;
    if (stream->sent < body_bytes(*stream->request)) {
      cancel(id);
    }
  }

  std::uint8_t flags_of(std::string_view name) {
    if (name == "authorization") {
      return NGHTTP2_NV_FLAG_NO_INDEX;
    }
    const auto* const found = std::find(indexed_once.begin(), indexed_once.end(), name);
    if (found == indexed_once.end()) {
      return NGHTTP2_NV_FLAG_NONE;
    }
    bool& was_indexed = is_indexed[static_cast<std::size_t>(found - indexed_once.begin())];
    return std::exchange(was_indexed, true) ? NGHTTP2_NV_FLAG_NO_INDEX : NGHTTP2_NV_FLAG_NONE;
  }

  void take_status(Stream& stream, std::string_view value) {
    stream.interim += stream.answer.status != 0 ? 1 : 0;  // the one before was not the one that counts
    stream.answer = HttpAnswer();
    for (const char digit : value.substr(0, 3)) {
      stream.answer.status = stream.answer.status * 10 + (digit - '0');  // three digits: nghttp2 has checked
    }
    has_answered = has_answered || stream.answer.status >= 200;
  }

  static int on_header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name_bytes,
                       std::size_t name_size, const std::uint8_t* value_bytes, std::size_t value_size,
                       std::uint8_t, void* user) {
    auto& self = *static_cast<State*>(user);
    Stream* stream = self.find(frame->hd.stream_id);
    if (stream == nullptr) {
      return 0;
    }
    const std::string_view name = view(name_bytes, name_size);
    const std::string_view value = view(value_bytes, value_size);
    stream->head_bytes += name.size() + value.size();
    if (name == ":status") {
      self.take_status(*stream, value);
    } else if (name == "retry-after") {
      stream->answer.retry_after = value;
    }
    const bool too_much =
        stream->head_bytes > self.limits.answer_head_bytes_max || stream->interim > interim_answers_max;
    return too_much ? NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE : 0;
  }

  static int on_data(nghttp2_session*, std::uint8_t, StreamId id, const std::uint8_t* bytes, std::size_t size,
                     void* user) {
    auto& self = *static_cast<State*>(user);
    Stream* stream = self.find(id);
    if (stream == nullptr || stream->answer.body_cut) {
      return 0;
    }
    std::string& body = stream->answer.body;
    const std::size_t taken = std::min(size, self.limits.answer_body_bytes_max - body.size());
    body.append(view(bytes, taken));
    if (taken < size) {
      stream->answer.body_cut = true;
      stream->is_whole = true;
      self.cancel(id);
    }
    return 0;
  }

  static int on_frame(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    auto& self = *static_cast<State*>(user);
    const bool is_ack = (frame->hd.flags & NGHTTP2_FLAG_ACK) != 0;
    switch (frame->hd.type) {
      case NGHTTP2_SETTINGS:
        self.is_ready = self.is_ready || !is_ack;
        break;
      case NGHTTP2_PING:
        self.awaits_ping = self.awaits_ping && !is_ack;
        break;
      case NGHTTP2_GOAWAY:
        self.is_draining = true;
        self.farewell = goaway_reason(view(frame->goaway.opaque_data, frame->goaway.opaque_data_len));
        break;
      case NGHTTP2_HEADERS:
      case NGHTTP2_DATA:
        if ((frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) {
          self.answer_ends(frame->hd.stream_id);
        }
        break;
      default:
        break;
    }
    return 0;
  }

  static int on_sent(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    if (frame->hd.type == NGHTTP2_HEADERS) {
      if (Stream* stream = static_cast<State*>(user)->find(frame->hd.stream_id)) {
        stream->has_left = true;
      }
    }
    return 0;
  }

  static int on_close(nghttp2_session*, StreamId id, std::uint32_t error, void* user) {
    auto& self = *static_cast<State*>(user);
    const auto found = self.streams.find(id);
    if (found == self.streams.end()) {
      return 0;
    }
    if (!found->second.is_forgotten) {
      self.ended.push_back(end_of(id, found->second, error == NGHTTP2_REFUSED_STREAM));
    }
    self.streams.erase(found);
    self.found_id = 0;
    return 0;
  }

  static Ended end_of(StreamId id, Stream& stream, bool is_refused) {
    Ended end;
    end.stream = id;
    if (stream.is_whole && stream.answer.status >= 200) {
      end.how = How::answered;
      end.answer = std::move(stream.answer);
    } else if (!stream.has_left || is_refused) {
      end.how = How::not_processed;
    }
    return end;
  }

  static ssize_t read_body(nghttp2_session*, StreamId, std::uint8_t* room, std::size_t size, std::uint32_t* flags,
                           nghttp2_data_source* source, void*) {
    auto& stream = *static_cast<Stream*>(source->ptr);
    const std::size_t before = stream.sent;
    std::size_t part_at = 0;
    for (const std::string_view part : body_of(*stream.request)) {
      const std::string_view rest = part.substr(std::min(stream.sent - part_at, part.size()));
      const std::size_t taken = std::min(rest.size(), size - (stream.sent - before));
      std::copy_n(rest.begin(), taken, room + (stream.sent - before));
      stream.sent += taken;
      part_at += part.size();
      if (taken < rest.size()) {
        return static_cast<ssize_t>(stream.sent - before);
      }
    }
    *flags |= NGHTTP2_DATA_FLAG_EOF;
    return static_cast<ssize_t>(stream.sent - before);
  }

  Callbacks callbacks() const {
    nghttp2_session_callbacks* raw = nullptr;
    require(nghttp2_session_callbacks_new(&raw));
    nghttp2_session_callbacks_set_on_header_callback(raw, on_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(raw, on_data);
    nghttp2_session_callbacks_set_on_frame_recv_callback(raw, on_frame);
    nghttp2_session_callbacks_set_on_frame_send_callback(raw, on_sent);
    nghttp2_session_callbacks_set_on_stream_close_callback(raw, on_close);
    return Callbacks(raw);
  }

  void serialise() {
    while (out.size() < h2_write_bytes_max) {
      const std::uint8_t* bytes = nullptr;
      const ssize_t size = nghttp2_session_mem_send(session.get(), &bytes);
      if (size <= 0) {
        break;
      }
      out.append(view(bytes, static_cast<std::size_t>(size)));
    }
  }

  void open() {
    nghttp2_option* raw_option = nullptr;
    require(nghttp2_option_new(&raw_option));
    const Option option(raw_option);
    nghttp2_option_set_no_closed_streams(raw_option, 1);
    const Callbacks called = callbacks();
    nghttp2_session* raw = nullptr;
    require(nghttp2_session_client_new2(&raw, called.get(), this, raw_option));
    session.reset(raw);
    const auto head_bytes = static_cast<std::uint32_t>(limits.answer_head_bytes_max);
    const std::array<nghttp2_settings_entry, 2> settings = {{
        {NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
        {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, head_bytes},
    }};
    require(nghttp2_submit_settings(raw, NGHTTP2_FLAG_NONE, settings.data(), settings.size()));
    require(nghttp2_session_set_local_window_size(raw, NGHTTP2_FLAG_NONE, 0, h2_window_bytes));
  }
};

H2Session::H2Session(const H2SessionLimits& limits) : state_(std::make_unique<State>(limits)) {
  state_->open();
}

H2Session::~H2Session() = default;

bool H2Session::receive(std::string_view bytes) {
  nghttp2_session* session = state_->session.get();
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  const ssize_t taken = nghttp2_session_mem_recv(session, data, bytes.size());
  // Of a breach of the protocol it takes leave first, and only then says that it wants no more.
  state_->serialise();
  return taken == static_cast<ssize_t>(bytes.size()) && nghttp2_session_want_read(session) != 0;
}

std::string H2Session::take_output() {
  std::string bytes;
  take_output(bytes);
  return bytes;
}

void H2Session::take_output(std::string& bytes) {
  state_->serialise();
  bytes.clear();
  std::swap(bytes, state_->out);
}

std::size_t H2Session::room() const {
  if (!state_->is_ready || state_->is_draining ||
      nghttp2_session_check_request_allowed(state_->session.get()) == 0) {
    return 0;
  }
  const std::size_t allowed =
      nghttp2_session_get_remote_settings(state_->session.get(), NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS);
  const std::size_t most =
      state_->has_answered ? std::min(allowed, state_->limits.streams_max) : std::min<std::size_t>(allowed, 1);
  return most - std::min(most, state_->streams.size());
}

H2Session::StreamId H2Session::submit(std::shared_ptr<const HttpRequest> given) {
  const HttpRequest& request = *given;
  // What is the request's own stays as long as nghttp2 may look at it, and is not copied.
  constexpr std::uint8_t kept_name = NGHTTP2_NV_FLAG_NO_COPY_NAME;
  constexpr std::uint8_t kept_value = NGHTTP2_NV_FLAG_NO_COPY_VALUE;
  constexpr std::uint8_t kept = kept_name | kept_value;
  const std::string authority = request.url.authority();
  const std::size_t body_size = body_bytes(request);
  const std::string length = std::to_string(body_size);
  std::forward_list<std::string> lowered;
  std::vector<nghttp2_nv> head;
  const auto [shared_fields, own_fields] = fields_of(request);
  head.reserve(shared_fields.size() + own_fields.size() + 5);
  head.push_back(field_of(":method", request.method, kept));
  head.push_back(field_of(":scheme", request.url.is_secure ? "https" : "http", kept));
  head.push_back(field_of(":authority", authority, kept_name));
  head.push_back(field_of(":path", request.url.target, kept | NGHTTP2_NV_FLAG_NO_INDEX));
  for (const auto& fields : {shared_fields, own_fields}) {
    for (const auto& [name, value] : fields) {
      const std::string_view lower = lower_case(name, lowered);
      const std::uint8_t whose = lower.data() == name.data() ? kept : kept_value;
      head.push_back(field_of(lower, value, whose | state_->flags_of(lower)));
    }
  }
  if (body_size != 0) {
    head.push_back(field_of("content-length", length, kept_name));
  }
  Stream stream;
  stream.request = std::move(given);
  // The map's own, which stays where it is; its key is known once nghttp2 has allotted one.
  const auto next = static_cast<StreamId>(nghttp2_session_get_next_stream_id(state_->session.get()));
  const auto place = state_->streams.emplace(next, std::move(stream)).first;
  nghttp2_data_provider body;
  body.source.ptr = &place->second;
  body.read_callback = State::read_body;
  const StreamId id = nghttp2_submit_request(state_->session.get(), nullptr, head.data(), head.size(),
                                             body_size == 0 ? nullptr : &body, nullptr);
  if (id != next) {
    state_->streams.erase(place);
    state_->found_id = 0;
    state_->is_draining = true;
    return 0;
  }
  return id;
}

void H2Session::reset(StreamId stream) {
  Stream* found = state_->find(stream);
  if (found != nullptr && !std::exchange(found->is_forgotten, true)) {
    state_->cancel(stream);
  }
}

bool H2Session::has_left(StreamId stream) const {
  const Stream* found = state_->find(stream);
  return found != nullptr && found->has_left;
}

std::vector<H2Session::Ended> H2Session::take_ended() {
  return std::exchange(state_->ended, {});
}

std::vector<H2Session::Ended> H2Session::abandon() {
  std::vector<Ended> ended = take_ended();
  state_->is_draining = true;
  for (auto& [id, stream] : state_->streams) {
    if (!std::exchange(stream.is_forgotten, true)) {  // kept: the session may still read its body
      ended.push_back(State::end_of(id, stream, false));
    }
  }
  return ended;
}

void H2Session::ping() {
  if (!std::exchange(state_->awaits_ping, true)) {
    require(nghttp2_submit_ping(state_->session.get(), NGHTTP2_FLAG_NONE, nullptr));
  }
}

bool H2Session::awaits_ping() const {
  return state_->awaits_ping;
}
void H2Session::drain() {
  state_->is_draining = true;
}
bool H2Session::is_ready() const {
  return state_->is_ready;
}
bool H2Session::is_draining() const {
  return state_->is_draining;
}
bool H2Session::has_answered() const {
  return state_->has_answered;
}
std::size_t H2Session::streams() const {
  return state_->streams.size();
}
const std::string& H2Session::farewell() const {
  return state_->farewell;
}

}  // namespace tuanyuan::push
