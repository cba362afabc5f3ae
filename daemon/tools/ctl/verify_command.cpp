#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "adapters/crypto/files.hpp"
#include "adapters/crypto/verifier.hpp"
#include "core/notice.hpp"
#include "tools/ctl/context.hpp"
#include "tools/ctl/json_view.hpp"
#include "tools/ctl/times.hpp"

namespace tuanyuan::ctl {
namespace {

namespace json = boost::json;

struct VerifyOptions {
  std::string file;
  std::string keys;
};

core::Result<crypto::VerifiedNotice> verified(const std::string& notice, const crypto::TrustedKeys& keys) {
  if (notice.starts_with('{')) {
    return crypto::verify_json_notice(notice, keys);
  }
  return crypto::verify_signed_notice(notice, keys);
}

std::string summary(const json::value& notice) {
  return "verified: " + text_at(notice, "kind") + ", " + text_at(notice, "status") + ", for " +
         text_at(notice, "audience") + "\nalert     " + text_at(notice, "alertId") + ", revision " +
         text_at(notice, "revision") + ", step " + text_at(notice, "step") + "\nissued    " +
         text_at(notice, "issuedAt") + " by " + text_at(notice, "issuer") + "\nkey       " +
         text_at(notice, "keyId") + '\n';
}

Outcome<void> verify(Context& context, const VerifyOptions& options) {
  const auto notice = context.read(options.file);
  if (!notice) {
    return notice.error();
  }
  if (context.options().ca.empty()) {
    return Failure(Exit::usage, "--ca (TUANYUAN_CA) is needed: it says which keys to trust");
  }
  const crypto::TrustAnchors anchors(crypto::read_file(context.options().ca));
  Outcome<std::string> published = std::string();
  if (!options.keys.empty()) {
    published = context.read(options.keys);
  } else if (const auto api = context.api(); api) {
    published = (*api)->get("/keys");
  } else {
    return Failure(Exit::usage, "give --keys FILE, or: " + api.error().text);
  }
  if (!published) {
    return published.error();
  }
  const auto keys = crypto::TrustedKeys::from_published(*published, anchors);
  if (!keys) {
    return Failure(Exit::usage, "the keys cannot be read: " + keys.error().detail.en);
  }
  const auto good = verified(*notice, *keys);
  if (!good) {
    return Failure(Exit::refused, "not verified: " + good.error().detail.en);
  }
  json::object told;
  told["verified"] = true;
  told["alertId"] = good->notice.alert_id.value;
  told["revision"] = good->notice.version.revision;
  told["step"] = good->notice.version.step;
  told["kind"] = std::string(core::to_string(good->notice.kind));
  told["status"] = std::string(core::to_string(good->notice.status));
  told["audience"] = std::string(core::to_string(good->notice.audience));
  told["issuedAt"] = to_rfc3339(good->notice.issued_at);
  told["issuer"] = good->notice.issuer;
  told["keyId"] = good->key_id;
  return context.print(json::value(std::move(told)), summary);
}

}  // namespace

void add_verify_command(CLI::App& app, Context& context) {
  const auto options = std::make_shared<VerifyOptions>();
  CLI::App* verifying = app.add_subcommand("verify", "check the signature of a notice as a station does");
  verifying->add_option("FILE", options->file, "a SignedNotice or a notice in JSON, - for the standard input")
      ->required();
  verifying->add_option("--keys", options->keys, "published keys; without it the daemon is asked");
  on_command(verifying, context, [options](Context& c) { return verify(c, *options); });
}

}  // namespace tuanyuan::ctl
