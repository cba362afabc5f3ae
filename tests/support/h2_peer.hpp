#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tuanyuan::test {

/// What an HTTP/2 server has been asked.
struct H2Request {
  std::int32_t stream = 0;
  std::map<std::string, std::string> fields;  ///< pseudo fields among them
  std::vector<std::string> never_indexed;     ///< names of the fields that were marked so
  std::string body;
  std::size_t connection = 0;  ///< which one it came by, from 1
};

/// The server's side of one HTTP/2 connection, in memory: what comes in is kept, and what goes out is what it is
/// told.
class H2Peer {
 public:
  using Fields = std::vector<std::pair<std::string, std::string>>;

  H2Peer();
  ~H2Peer();
  H2Peer(const H2Peer&) = delete;
  H2Peer& operator=(const H2Peer&) = delete;

  /// `streams_max`: 0 says nothing about it.
  void settings(std::uint32_t streams_max = 0);
  void answer(std::int32_t stream, int status, const Fields& fields = {}, const std::string& body = "");
  /// An interim answer (1xx).
  void interim(std::int32_t stream, int status);
  /// The head of an answer whose body never comes.
  void answer_head(std::int32_t stream, int status);
  void reset(std::int32_t stream, std::uint32_t code);
  void goaway(std::int32_t last_stream, std::uint32_t code, const std::string& opaque = "");

  /// False: the client has broken the protocol.
  bool receive(std::string_view bytes);
  std::string take_output();

  std::vector<H2Request> requests;               ///< whole ones, as they came
  std::vector<std::int32_t> opened;              ///< streams, from their first frame on
  std::map<std::int32_t, std::uint32_t> resets;  ///< by the client
  std::size_t pings = 0;
  bool answers_pings = true;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tuanyuan::test
