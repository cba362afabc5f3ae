#include "tools/ctl/enrolment.hpp"

#include <filesystem>

#include "adapters/crypto/files.hpp"
#include "tools/ctl/json_view.hpp"
#include "tools/ctl/pki_store.hpp"

namespace tuanyuan::ctl {
namespace {

namespace json = boost::json;
using crypto::Access;
using crypto::Sync;

constexpr const char* default_broker_port = "8883";  // secure-mqtt, IANA

std::string lower(std::string text) {
  for (char& c : text) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  }
  return text;
}

std::string connect_options(const std::string& id, const Broker& broker) {
  return "-V mqttv5 -h " + broker.host + " -p " + broker.port + " --cafile ca.crt --cert " + id + ".crt --key " +
         id + ".key -q 1";
}

std::string readme(const json::value& recipient, const Broker& broker, const RecipientTopics& topics) {
  const std::string id = text_at(recipient, "id");
  std::string text = "Connecting " + id + " to the missing-child alert broadcast\n\n";
  text += "Broker    " + broker.host + " port " + broker.port +
          ", TLS with the client certificate in this directory, MQTT 5 or 3.1.1\n";
  text += "Certify   " + id + ".crt, " + id + ".key (keep it secret), ca.crt\n\nSubscribe, QoS 1:\n";
  for (const std::string& topic : topics.notices) {
    text += "  " + topic + '\n';
  }
  text += "  " + topics.receipts + "\n\n";
  text +=
      "A notice is {\"notice\":{...},\"jws\":\"...\"}. Verify the JWS (EdDSA, key on the topic keys, each with a\n"
      "certificate of ca.crt), show its payload, and take down what an empty message, CLOSE or RETRACT says.\n"
      "A notice whose circle does not reach you is not for you.\n\n";
  text += "Its picture, when a notice names one:\n  " + topics.photo + "\n\n";
  text += "Answer on " + topics.acknowledgements + " until the receipt has come:\n";
  text += "  RECEIVED   the equipment holds it       DISPLAYED  it is visible or on the air\n";
  text += "  CONFIRMED  a person on duty has read it  REMOVED    nothing of it is shown any more\n\n";
  text += "With mosquitto-clients, in this directory:\n  sh subscribe.sh\n  " +
          acknowledge_line(id, broker, topics) + '\n';
  if (const std::string via = text_at(recipient, "via"); !via.empty()) {
    text += "\nThe directory has " + via + " answer for this recipient: notices come on its topics too.\n";
  }
  return text;
}

}  // namespace

RecipientTopics topics_of(const json::value& recipient, const std::string& prefix) {
  const std::string id = text_at(recipient, "id");
  const std::string place =
      '/' + lower(text_at(recipient, "audience")) + '/' + text_at(recipient, "division") + '/';
  RecipientTopics topics;
  topics.notices = {prefix + "/json/notices" + place + '+', prefix + "/json/direct/" + id + "/#"};
  topics.receipts = prefix + "/receipts/" + id;
  topics.acknowledgements = prefix + "/acknowledgements/" + id;
  topics.photo = prefix + "/photos" + place + "ALERT_ID";
  return topics;
}

Outcome<Broker> parse_broker(const std::string& uri) {
  constexpr std::string_view scheme = "mqtts://";
  Broker broker;
  if (uri.starts_with(scheme)) {
    const std::string rest = uri.substr(scheme.size());
    const std::size_t colon = rest.rfind(':');
    broker.host = rest.substr(0, colon);
    broker.port = colon == std::string::npos ? default_broker_port : rest.substr(colon + 1);
  }
  constexpr const char* host_characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-";
  if (broker.host.empty() || broker.host.find_first_not_of(host_characters) != std::string::npos ||
      broker.port.empty() || broker.port.find_first_not_of("0123456789") != std::string::npos) {
    return Failure(Exit::usage, "--broker has to be such as mqtts://broker.example:8883");
  }
  return broker;
}

std::string subscribe_line(const std::string& id, const Broker& broker, const RecipientTopics& topics) {
  std::string line = "mosquitto_sub " + connect_options(id, broker) + " -v";
  for (const std::string& topic : topics.notices) {
    line += " -t '" + topic + '\'';
  }
  return line + " -t '" + topics.receipts + '\'';
}

std::string acknowledge_line(const std::string& id, const Broker& broker, const RecipientTopics& topics) {
  return "mosquitto_pub " + connect_options(id, broker) + " -t '" + topics.acknowledgements +
         "' -m '{\"alertId\":\"ALERT_ID\",\"revision\":1,\"kind\":\"RECEIVED\"}'";
}

Outcome<void> enrol(Context& context, const EnrolOptions& options) {
  const auto broker = parse_broker(options.broker);
  const auto api = broker ? context.api() : Outcome<Api*>(broker.error());
  if (!api) {
    return api.error();
  }
  const auto answer = (*api)->get("/recipients/" + escape(options.id));
  if (!answer) {
    return answer.error();
  }
  const auto recipient = parse_json(*answer);
  if (!recipient || text_at(*recipient, "id") != options.id) {
    return Failure(Exit::refused, "the daemon's answer is not this recipient");
  }
  const PkiStore store(options.pki);
  const auto issued = store.recipient(options.id, context.world().wall_now(), std::chrono::days(options.days));
  if (!issued) {
    return issued.error();
  }
  const RecipientTopics topics = topics_of(*recipient, options.prefix);
  const std::string subscribe = subscribe_line(options.id, *broker, topics);
  const std::filesystem::path out(options.out);
  make_private_directory(out);
  crypto::write_file(out / (options.id + ".key"), issued->key, Access::owner, Sync::yes);
  crypto::write_file(out / (options.id + ".crt"), issued->certificate, Access::owner, Sync::yes);
  crypto::write_file(out / "ca.crt", store.ca_certificate(), Access::owner, Sync::yes);
  crypto::write_file(out / "subscribe.sh", "cd \"$(dirname \"$0\")\" && exec " + subscribe + '\n', Access::owner,
                     Sync::yes);
  crypto::write_file(out / "README.txt", readme(*recipient, *broker, topics), Access::owner, Sync::yes);

  json::object made;
  made["recipientId"] = options.id;
  made["certificate"] = (out / (options.id + ".crt")).string();
  made["key"] = (out / (options.id + ".key")).string();
  made["ca"] = (out / "ca.crt").string();
  made["topics"] = json::array(topics.notices.begin(), topics.notices.end());
  made["subscribe"] = "cd " + out.string() + " && " + subscribe;
  return context.print(json::value(std::move(made)), [](const json::value& v) {
    return "wrote " + text_at(v, "certificate") + " and what belongs to it\n\n" + text_at(v, "subscribe") + '\n';
  });
}

}  // namespace tuanyuan::ctl
