#include "adapters/crypto/vault.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "adapters/crypto/temporary_folder.hpp"

namespace tuanyuan::crypto {
namespace {

const std::string old_key(32, '\x01');
const std::string new_key(32, '\x02');

TEST(Vault, SealedThenOpensUnderTheSameKeyAndContext) {
  OpenSslVault vault({old_key});
  const ports::DataKey key = vault.generate();
  for (const std::string& plain : {std::string(), std::string("走失儿童"), std::string(100'000, '\0')}) {
    EXPECT_EQ(vault.open(key, vault.seal(key, plain, "alert/report/1"), "alert/report/1"), plain);
  }
}

TEST(Vault, SealedThenShowsNothingAndNeverTheSameTwice) {
  OpenSslVault vault({old_key});
  const ports::DataKey key = vault.generate();
  const std::string sealed = vault.seal(key, "red coat", "c");
  EXPECT_EQ(sealed.find("red coat"), std::string::npos);
  EXPECT_NE(sealed, vault.seal(key, "red coat", "c"));
}

TEST(Vault, AnotherKeyOrContextThenNothing) {
  OpenSslVault vault({old_key});
  const ports::DataKey key = vault.generate();
  const std::string sealed = vault.seal(key, "text", "here");
  EXPECT_FALSE(vault.open(vault.generate(), sealed, "here").has_value());
  EXPECT_FALSE(vault.open(key, sealed, "there").has_value());
  EXPECT_FALSE(vault.open(key, sealed, "").has_value());
  EXPECT_FALSE(vault.open(ports::DataKey{"short"}, sealed, "here").has_value());
}

TEST(Vault, AnyByteChangedOrMissingThenNothing) {
  OpenSslVault vault({old_key});
  const ports::DataKey key = vault.generate();
  const std::string sealed = vault.seal(key, "text", "c");
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 0x01);
    EXPECT_FALSE(vault.open(key, changed, "c").has_value()) << i;
    EXPECT_FALSE(vault.open(key, sealed.substr(0, i), "c").has_value()) << i;
  }
  EXPECT_FALSE(vault.open(key, sealed + '\0', "c").has_value());
}

TEST(Vault, KeyWrappedThenUnwrapsOnlyInItsContext) {
  OpenSslVault vault({old_key});
  const ports::DataKey key = vault.generate();
  EXPECT_EQ(key.bytes.size(), 32U);
  const std::string wrapped = vault.wrap(key, "alert-1");
  ASSERT_TRUE(vault.unwrap(wrapped, "alert-1").has_value());
  EXPECT_EQ(vault.unwrap(wrapped, "alert-1")->bytes, key.bytes);
  EXPECT_FALSE(vault.unwrap(wrapped, "alert-2").has_value());
  EXPECT_FALSE(OpenSslVault({new_key}).unwrap(wrapped, "alert-1").has_value());
}

TEST(Vault, MasterKeyRotatedThenOlderKeysUnwrapAndNewOnesNeedTheNewKey) {
  OpenSslVault before({old_key});
  OpenSslVault after({new_key, old_key});
  const ports::DataKey key = before.generate();
  EXPECT_EQ(after.unwrap(before.wrap(key, "c"), "c")->bytes, key.bytes);
  EXPECT_FALSE(before.unwrap(after.wrap(key, "c"), "c").has_value());
}

TEST(Vault, MasterKeyRotatedThenDigestsStillLink) {
  OpenSslVault before({old_key});
  OpenSslVault after({new_key, old_key});
  EXPECT_EQ(before.keyed_digest("child"), after.keyed_digest("child"));
  EXPECT_NE(before.keyed_digest("child"), OpenSslVault({new_key}).keyed_digest("child"));
  EXPECT_NE(before.keyed_digest("child"), before.keyed_digest("other"));
  EXPECT_NE(before.keyed_digest("child"), before.digest("child"));
  EXPECT_EQ(before.keyed_digest("").size(), 32U);
  EXPECT_EQ(before.keyed_digest("child"), after.keyed_digest("child")) << "each begins anew";
}

TEST(Vault, DigestThenSha256) {
  OpenSslVault vault({old_key});
  const std::string expected(
      "\xba\x78\x16\xbf\x8f\x01\xcf\xea\x41\x41\x40\xde\x5d\xae\x22\x23"
      "\xb0\x03\x61\xa3\x96\x17\x7a\x9c\xb4\x10\xff\x61\xf2\x00\x15\xad",
      32);
  EXPECT_EQ(vault.digest("abc"), expected);  // FIPS 180-4, the first example
}

TEST(Vault, KeysThatCannotBeThenThrows) {
  EXPECT_THROW(OpenSslVault({}), std::invalid_argument);
  EXPECT_THROW(OpenSslVault({std::string(31, 'x')}), std::invalid_argument);
  EXPECT_THROW(OpenSslVault(MasterKeys(9, old_key)), std::invalid_argument);
  OpenSslVault vault({old_key});
  EXPECT_THROW(vault.seal(ports::DataKey{"short"}, "text", "c"), std::invalid_argument);
}

class MasterKeyFile : public testing::Test {
 protected:
  void put(const std::string& text, mode_t mode = 0600) {
    std::ofstream(path_) << text;
    ASSERT_EQ(::chmod(path_.c_str(), mode), 0);
  }
  tests::TemporaryFolder folder_;
  std::filesystem::path path_ = folder_ / "master.key";
};

TEST_F(MasterKeyFile, AsWeWriteItThenTheKeysInTheirOrder) {
  put(master_key_text({new_key, old_key}));
  EXPECT_EQ(load_master_key(path_), (MasterKeys{new_key, old_key}));
}

TEST_F(MasterKeyFile, CommentsBlankLinesAndUpperCaseThenTheKeys) {
  put("# since spring\n\n" + std::string(64, 'A') + "\r\n");
  EXPECT_EQ(load_master_key(path_), MasterKeys{std::string(32, '\xAA')});
}

TEST_F(MasterKeyFile, OpenToEverybodyThenRefused) {
  put(master_key_text({old_key}), 0604);
  EXPECT_THROW(load_master_key(path_), std::runtime_error);
}

TEST_F(MasterKeyFile, AnythingElseThenRefusedWithoutItsContent) {
  for (const std::string& text : {std::string(), std::string("# nothing\n"), std::string(63, 'a'),
                                  std::string(65, 'a'), std::string(63, 'a') + 'g'}) {
    put(text);
    try {
      load_master_key(path_);
      ADD_FAILURE() << "taken: " << text;
    } catch (const std::runtime_error& refused) {
      EXPECT_EQ(std::string(refused.what()).find("aaaa"), std::string::npos);
      EXPECT_NE(std::string(refused.what()).find(path_.string()), std::string::npos);
    }
  }
  EXPECT_THROW(load_master_key(folder_ / "absent"), std::runtime_error);
}

}  // namespace
}  // namespace tuanyuan::crypto
