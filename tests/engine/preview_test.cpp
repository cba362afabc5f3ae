// That a preview's token is of what the preview shows, whatever changes while it is being made.
#include <gtest/gtest.h>

#include "engine/fixture.hpp"

namespace tuanyuan::engine {
namespace {

class PreviewTest : public EngineTest {
 protected:
  core::Recipient neighbour(int number) {
    core::Recipient made = *run(engine->recipients().get(supervisor, core::RecipientId("near")));
    made.id = core::RecipientId("neighbour-" + std::to_string(number));
    return made;
  }
  /// Until it is committed nothing of it can be seen.
  void begin_to_enter(core::Recipient recipient) {
    memory->hold_commits();
    boost::asio::co_spawn(context, engine->recipients().put(supervisor, std::move(recipient), {}),
                          [](std::exception_ptr, const core::Result<core::Recipient>&) {});
    clock.settle();
    ASSERT_EQ(memory->commits_held(), 1U);
  }
  ports::PreviewView preview() { return *run(engine->cases().preview(releaser, report, {})); }
  void turn(int times) {
    context.restart();
    for (; times > 0; --times) {
      context.poll_one();
    }
  }
  /// What is waiting is committed so many turns of the loop after the preview has begun, or before.
  ports::PreviewView preview_with_a_commit_after(int turns) {
    std::optional<ports::PreviewView> view;
    if (turns < 0) {
      memory->release_commits();
      turn(-turns);
    }
    boost::asio::co_spawn(
        context, engine->cases().preview(releaser, report, {}),
        [&view](std::exception_ptr, core::Result<ports::PreviewView> answer) { view = *answer; });
    turn(turns);
    was_over = view.has_value();
    memory->release_commits();
    clock.settle();
    return view.value();
  }

  core::ReportId report = submit()->id;
  bool was_over = false;  ///< before the commit
};

TEST_F(PreviewTest, DirectoryChangesWhileItIsMadeThenItsTokenIsStaleUnlessItCountsThat) {
  int counted = 0;
  int stale = 0;
  for (int turns = -10; !was_over; ++turns) {
    restart();  // nothing of the case is at hand any more
    begin_to_enter(neighbour(turns));
    const ports::PreviewView shown = preview_with_a_commit_after(turns);
    const ports::PreviewView now = preview();
    const bool counts_it = shown.expected == now.expected;
    EXPECT_EQ(shown.preview_token == now.preview_token, counts_it) << "committed after " << turns << " turns";
    counted += counts_it ? 1 : 0;
    stale += counts_it || was_over ? 0 : 1;
  }
  EXPECT_GT(counted, 0);
  EXPECT_GT(stale, 1) << "there were moments to change it in";
}

}  // namespace
}  // namespace tuanyuan::engine
