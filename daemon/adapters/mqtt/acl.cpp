#include "adapters/mqtt/acl.hpp"

#include <algorithm>
#include <stdexcept>

namespace tuanyuan::mqtt {
namespace {

// The deployment's CA calls a service `<name>.service`, as no recipient can be called.
bool is_service_name(std::string name) {
  name.erase(std::remove(name.begin(), name.end(), '.'), name.end());
  return is_topic_id(name);
}

}  // namespace

std::string acl_rules_for_all(const Topics& topics, const std::string& daemon_user) {
  if (!is_service_name(daemon_user)) {
    throw std::invalid_argument("not a name that a certificate of the daemon could have");
  }
  const std::string& prefix = topics.prefix();
  std::string out;
  // Not "topic" lines: those before the first user hold for nobody that has a name.
  for (const char* readable : {"direct/%u/#", "json/direct/%u/#", "receipts/%u/#", "json/receipts/%u/#"}) {
    out += "pattern read " + prefix + readable + "\n";
  }
  for (const char* writable : {"acknowledgements/%u", "sightings/%u", "presence/%u"}) {
    out += "pattern write " + prefix + writable + "\n";
    out += "pattern write " + prefix + "json/" + writable + "\n";
  }
  out += "user " + daemon_user + "\n";
  out += "topic readwrite " + prefix + "#\n";
  out += "topic read $SYS/#\n";
  return out;
}

void append_acl_rules(const core::Recipient& recipient, const Topics& topics, std::string& out) {
  if (!is_topic_id(recipient.id.value) || !recipient.division) {
    return;
  }
  const std::string area =
      std::string(core::topic_name(recipient.audience)) + "/" + core::to_string(recipient.division) + "/+\n";
  const std::string& prefix = topics.prefix();
  out += "user " + recipient.id.value + "\n";
  for (const char* keys : {"keys\n", "json/keys\n"}) {
    out += "topic read " + prefix + keys;
  }
  out += "topic read " + prefix + "notices/" + area;
  out += "topic read " + prefix + "json/notices/" + area;
  out += "topic read " + prefix + "photos/" + area;
  out += "topic read " + prefix + "json/photos/" + area;
}

}  // namespace tuanyuan::mqtt
