#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "tools/ctl/context.hpp"

namespace tuanyuan::ctl {

struct EnrolOptions {
  std::string id;
  std::string out;
  std::string pki;
  std::string broker;
  std::string prefix = "tuanyuan/v1";
  int days = 365;
};

/// The topics of a recipient, as the broker lets it use them (contract, section 4).
struct RecipientTopics {
  std::vector<std::string> notices;  ///< to read, in JSON
  std::string receipts;              ///< to read
  std::string acknowledgements;      ///< to write
  std::string photo;                 ///< to read, one alert at a time: a picture each
};
RecipientTopics topics_of(const boost::json::value& recipient, const std::string& prefix);

struct Broker {
  std::string host;
  std::string port;
};
/// mqtts://HOST[:PORT]
Outcome<Broker> parse_broker(const std::string& uri);

/// The lines that a shell takes: they read the notices, and answer one. Paths are relative to the directory
/// that they stand in.
std::string subscribe_line(const std::string& id, const Broker& broker, const RecipientTopics& topics);
std::string acknowledge_line(const std::string& id, const Broker& broker, const RecipientTopics& topics);

/// Issues a certificate for a recipient of the directory and writes all that a first connection needs into one
/// directory: <id>.crt, <id>.key, ca.crt, subscribe.sh and README.txt.
Outcome<void> enrol(Context& context, const EnrolOptions& options);

}  // namespace tuanyuan::ctl
