#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "tools/ctl/board_view.hpp"
#include "tools/ctl/context.hpp"
#include "tools/ctl/follow.hpp"

namespace tuanyuan::ctl {
namespace {

Outcome<void> board(Context& context, const std::string& alert_id) {
  const auto api = context.api();
  if (!api) {
    return api.error();
  }
  const auto answer = (*api)->get("/alerts/" + escape(alert_id) + "/board");
  if (!answer) {
    return answer.error();
  }
  return context.print(*answer, board_view);
}

Outcome<void> watch(Context& context, const FollowOptions& options) {
  const auto api = context.api();
  if (!api) {
    return api.error();
  }
  return Follower(context, **api).follow(options);
}

}  // namespace

void add_board_commands(CLI::App& app, Context& context) {
  const auto alert_id = std::make_shared<std::string>();
  CLI::App* showing = app.add_subcommand("board", "who has heard of an alert and who has not");
  showing->add_option("ALERT", *alert_id)->required();
  on_command(showing, context, [alert_id](Context& c) { return board(c, *alert_id); });

  const auto options = std::make_shared<FollowOptions>();
  CLI::App* watching = app.add_subcommand("watch", "follow the acknowledgements of an alert live");
  watching->add_option("ALERT", options->alert_id)->required();
  add_follow_options(watching, *options);
  on_command(watching, context, [options](Context& c) { return watch(c, *options); });
}

}  // namespace tuanyuan::ctl
