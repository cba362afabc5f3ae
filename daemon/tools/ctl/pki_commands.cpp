#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "tools/ctl/context.hpp"
#include "tools/ctl/csv.hpp"
#include "tools/ctl/json_view.hpp"
#include "tools/ctl/pki_store.hpp"

namespace tuanyuan::ctl {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

struct PkiOptions {
  std::string directory;
  std::vector<std::string> names;
  std::string out;
  std::string base;
  std::string unit;
  std::string officer;
  std::vector<std::string> roles;
  std::string file;
  std::string use;
  int days = 365;
  bool again = false;

  std::chrono::days validity() const { return std::chrono::days(days); }
};
using PkiPtr = std::shared_ptr<PkiOptions>;

Outcome<void> print_pair(Context& context, const fs::path& base) {
  json::object made;
  made["certificate"] = base.string() + ".crt";
  made["key"] = base.string() + ".key";
  return context.print(json::value(std::move(made)), [](const json::value& v) {
    return "wrote " + text_at(v, "certificate") + " and " + text_at(v, "key") + '\n';
  });
}

Outcome<void> init(Context& context, const PkiOptions& options) {
  const auto made =
      PkiStore::init(options.directory, options.names, context.world().wall_now(), options.validity());
  if (!made) {
    return made.error();
  }
  json::object answer;
  answer["directory"] = options.directory;
  answer["ca"] = (fs::path(options.directory) / "ca.crt").string();
  return context.print(json::value(std::move(answer)), [](const json::value& v) {
    return "made an authority, a server certificate, the daemon's, signing keys and a master key in " +
           text_at(v, "directory") +
           "\nkeep ca.key away from the daemon's machine, and a copy of master.key safe\n";
  });
}

Outcome<void> unit(Context& context, const PkiOptions& options) {
  crypto::OfficerCertificate wanted;
  wanted.unit = options.unit;
  wanted.officer = options.officer;
  for (const std::string& name : options.roles) {
    wanted.roles.insert(*core::parse_role(name));
  }
  const auto issued = PkiStore(options.directory).officer(wanted, context.world().wall_now(), options.validity());
  if (!issued) {
    return issued.error();
  }
  const fs::path base = options.base.empty() ? fs::path(options.directory) / (options.officer + '-' + options.unit)
                                             : fs::path(options.base);
  write_issued(base, *issued, true);
  return print_pair(context, base);
}

Outcome<void> server(Context& context, const PkiOptions& options) {
  const auto issued =
      PkiStore(options.directory).server(options.names, context.world().wall_now(), options.validity());
  if (!issued) {
    return issued.error();
  }
  const fs::path base =
      options.base.empty() ? fs::path(options.directory) / options.names.front() : fs::path(options.base);
  write_issued(base, *issued, true);
  return print_pair(context, base);
}

/// One pair of files for each id. Those that are there already are left alone, so that a broken run goes on
/// where it stopped.
Outcome<void> issue_all(Context& context, const PkiOptions& options, const std::vector<std::string>& ids) {
  const PkiStore store(options.directory);
  const fs::path out(options.out);
  make_private_directory(out);
  std::size_t issued_count = 0;
  for (const std::string& id : ids) {
    const fs::path base = out / id;
    if (!options.again && fs::exists(base.string() + ".crt")) {
      continue;
    }
    const auto issued = store.recipient(id, context.world().wall_now(), options.validity());
    if (!issued) {
      return Failure(Exit::usage, "recipient '" + id + "': " + issued.error().text);
    }
    write_issued(base, *issued, false);
    ++issued_count;
  }
  json::object answer;
  answer["directory"] = options.out;
  answer["issued"] = issued_count;
  answer["kept"] = ids.size() - issued_count;
  return context.print(json::value(std::move(answer)), [](const json::value& v) {
    return "issued " + text_at(v, "issued") + " certificates in " + text_at(v, "directory") + ", kept " +
           text_at(v, "kept") + '\n';
  });
}

Outcome<void> recipients(Context& context, const PkiOptions& options) {
  const auto text = context.read(options.file);
  const auto ids = text ? csv_column(*text, "id") : Outcome<std::vector<std::string>>(text.error());
  if (!ids) {
    return Failure(ids.error().exit, options.file + ": " + ids.error().text);
  }
  return issue_all(context, options, *ids);
}

Outcome<void> signing_key(Context& context, const PkiOptions& options) {
  const core::Status use = options.use == "ACTUAL" ? core::Status::actual : core::Status::exercise;
  const auto base =
      PkiStore(options.directory).add_signing_key(use, context.world().wall_now(), options.validity());
  if (!base) {
    return base.error();
  }
  return print_pair(context, *base);
}

PkiPtr add(CLI::App* pki, Context& context, const char* name, const char* help,
           Outcome<void> (*run)(Context&, const PkiOptions&), CLI::App*& app) {
  const auto options = std::make_shared<PkiOptions>();
  app = pki->add_subcommand(name, help);
  app->add_option("DIR", options->directory, "the deployment's PKI directory")->required();
  app->add_option("--days", options->days, "validity of the certificate")->check(CLI::PositiveNumber);
  on_command(app, context, [options, run](Context& c) { return run(c, *options); });
  return options;
}

void add_bulk(CLI::App* app, const PkiPtr& options) {
  app->add_option("--out", options->out, "directory for <id>.crt and <id>.key")->required();
  app->add_flag("--again", options->again, "also for those that have a certificate there");
}

}  // namespace

void add_pki_commands(CLI::App& app, Context& context) {
  CLI::App* pki = app.add_subcommand("pki", "the deployment's certificates and keys")->require_subcommand(1);
  CLI::App* made = nullptr;

  PkiPtr options = add(pki, context, "init", "make the authority and all keys of a deployment", init, made);
  options->names = {"localhost", "127.0.0.1"};
  made->add_option("--name", options->names, "DNS names and addresses of the server certificate, first the usual")
      ->capture_default_str();

  options = add(pki, context, "unit", "a certificate for an officer of a police unit", unit, made);
  made->add_option("UNIT", options->unit, "GA 380 code, 12 digits")->required();
  made->add_option("OFFICER", options->officer, "the officer's number")->required();
  made->add_option("--role", options->roles, "submitter, releaser, supervisor, operator")
      ->required()
      ->check(CLI::IsMember({"submitter", "releaser", "supervisor", "operator"}));
  made->add_option("--out", options->base, "path of the two files, without their endings");

  options = add(pki, context, "server", "another server certificate", server, made);
  made->add_option("NAME", options->names, "DNS names and addresses")->required();
  made->add_option("--out", options->base, "path of the two files, without their endings");

  options = add(
      pki, context, "recipient", "certificates for recipients by id",
      [](Context& c, const PkiOptions& o) { return issue_all(c, o, o.names); }, made);
  made->add_option("ID", options->names)->required();
  add_bulk(made, options);

  options = add(pki, context, "recipients", "certificates for all recipients of a CSV file", recipients, made);
  made->add_option("FILE", options->file)->required();
  add_bulk(made, options);

  options = add(pki, context, "signing-key", "one more notice-signing key, to rotate to", signing_key, made);
  made->add_option("--use", options->use)->required()->check(CLI::IsMember({"ACTUAL", "EXERCISE"}));
}

}  // namespace tuanyuan::ctl
