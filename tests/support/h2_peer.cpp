#include "support/h2_peer.hpp"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <cstring>

namespace tuanyuan::test {
namespace {

std::string text(const std::uint8_t* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

std::vector<nghttp2_nv> fields_of(const H2Peer::Fields& fields) {
  std::vector<nghttp2_nv> made;
  for (const auto& [name, value] : fields) {
    nghttp2_nv field;
    field.name = reinterpret_cast<std::uint8_t*>(const_cast<char*>(name.data()));
    field.value = reinterpret_cast<std::uint8_t*>(const_cast<char*>(value.data()));
    field.namelen = name.size();
    field.valuelen = value.size();
    field.flags = NGHTTP2_NV_FLAG_NONE;
    made.push_back(field);
  }
  return made;
}

}  // namespace

struct H2Peer::State {
  explicit State(H2Peer& whose) : owner(whose) {
    nghttp2_session_callbacks* called = nullptr;
    nghttp2_session_callbacks_new(&called);
    nghttp2_session_callbacks_set_on_header_callback(called, on_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(called, on_data);
    nghttp2_session_callbacks_set_on_frame_recv_callback(called, on_frame);
    nghttp2_option* option = nullptr;
    nghttp2_option_new(&option);
    nghttp2_option_set_no_auto_ping_ack(option, 1);
    nghttp2_session_server_new2(&session, called, this, option);
    nghttp2_option_del(option);
    nghttp2_session_callbacks_del(called);
  }
  ~State() { nghttp2_session_del(session); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  static int on_header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name,
                       std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
                       std::uint8_t flags, void* user) {
    auto& self = *static_cast<State*>(user);
    H2Request& request = self.coming[frame->hd.stream_id];
    if (request.fields.empty()) {
      self.owner.opened.push_back(frame->hd.stream_id);
    }
    request.fields[text(name, name_size)] = text(value, value_size);
    if ((flags & NGHTTP2_NV_FLAG_NO_INDEX) != 0) {
      request.never_indexed.push_back(text(name, name_size));
    }
    return 0;
  }

  static int on_data(nghttp2_session*, std::uint8_t, std::int32_t stream, const std::uint8_t* bytes,
                     std::size_t size, void* user) {
    static_cast<State*>(user)->coming[stream].body += text(bytes, size);
    return 0;
  }

  static int on_frame(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    auto& self = *static_cast<State*>(user);
    const bool is_ack = (frame->hd.flags & NGHTTP2_FLAG_ACK) != 0;
    if (frame->hd.type == NGHTTP2_PING && !is_ack) {
      ++self.owner.pings;
      if (self.owner.answers_pings) {
        nghttp2_submit_ping(self.session, NGHTTP2_FLAG_ACK, frame->ping.opaque_data);
      }
    } else if (frame->hd.type == NGHTTP2_RST_STREAM) {
      self.owner.resets[frame->hd.stream_id] = frame->rst_stream.error_code;
    } else if ((frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA) &&
               (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) {
      H2Request whole = self.coming[frame->hd.stream_id];
      whole.stream = frame->hd.stream_id;
      self.owner.requests.push_back(std::move(whole));
    }
    return 0;
  }

  static ssize_t read_body(nghttp2_session*, std::int32_t stream, std::uint8_t* room, std::size_t size,
                           std::uint32_t* flags, nghttp2_data_source*, void* user) {
    auto& self = *static_cast<State*>(user);
    if (self.endless.contains(stream)) {
      return NGHTTP2_ERR_DEFERRED;
    }
    std::string& body = self.bodies[stream];
    const std::size_t taken = std::min(size, body.size());
    std::memcpy(room, body.data(), taken);
    body.erase(0, taken);
    if (body.empty()) {
      *flags |= NGHTTP2_DATA_FLAG_EOF;
    }
    return static_cast<ssize_t>(taken);
  }

  void respond(std::int32_t stream, const Fields& fields, bool has_body) {
    nghttp2_data_provider body{};
    body.read_callback = read_body;
    const std::vector<nghttp2_nv> head = fields_of(fields);
    nghttp2_submit_response(session, stream, head.data(), head.size(), has_body ? &body : nullptr);
  }

  H2Peer& owner;
  nghttp2_session* session = nullptr;
  std::map<std::int32_t, H2Request> coming;
  std::map<std::int32_t, std::string> bodies;
  std::map<std::int32_t, bool> endless;
};

H2Peer::H2Peer() : state_(std::make_unique<State>(*this)) {}
H2Peer::~H2Peer() = default;

void H2Peer::settings(std::uint32_t streams_max) {
  const nghttp2_settings_entry entry{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, streams_max};
  nghttp2_submit_settings(state_->session, NGHTTP2_FLAG_NONE, &entry, streams_max == 0 ? 0 : 1);
}

void H2Peer::answer(std::int32_t stream, int status, const Fields& fields, const std::string& body) {
  Fields all = {{":status", std::to_string(status)}};
  all.insert(all.end(), fields.begin(), fields.end());
  state_->bodies[stream] = body;
  state_->respond(stream, all, !body.empty());
}

void H2Peer::interim(std::int32_t stream, int status) {
  const Fields fields = {{":status", std::to_string(status)}};
  const std::vector<nghttp2_nv> head = fields_of(fields);
  nghttp2_submit_headers(state_->session, NGHTTP2_FLAG_NONE, stream, nullptr, head.data(), head.size(), nullptr);
}

void H2Peer::answer_head(std::int32_t stream, int status) {
  state_->endless[stream] = true;
  state_->respond(stream, {{":status", std::to_string(status)}}, true);
}

void H2Peer::reset(std::int32_t stream, std::uint32_t code) {
  nghttp2_submit_rst_stream(state_->session, NGHTTP2_FLAG_NONE, stream, code);
}

void H2Peer::goaway(std::int32_t last_stream, std::uint32_t code, const std::string& opaque) {
  nghttp2_submit_goaway(state_->session, NGHTTP2_FLAG_NONE, last_stream, code,
                        reinterpret_cast<const std::uint8_t*>(opaque.data()), opaque.size());
}

bool H2Peer::receive(std::string_view bytes) {
  return nghttp2_session_mem_recv(state_->session, reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                  bytes.size()) == static_cast<ssize_t>(bytes.size());
}

std::string H2Peer::take_output() {
  std::string out;
  const std::uint8_t* bytes = nullptr;
  for (ssize_t size = 1; size > 0;) {
    size = nghttp2_session_mem_send(state_->session, &bytes);
    if (size > 0) {
      out += text(bytes, static_cast<std::size_t>(size));
    }
  }
  return out;
}

}  // namespace tuanyuan::test
