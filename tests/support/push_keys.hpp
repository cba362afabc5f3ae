#pragma once

#include <string>

// Keys that were made for these tests and guard nothing.
namespace tuanyuan::test {

/// As Apple hands them out: P-256 in PKCS #8.
inline constexpr const char* apns_key =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgF/fOBiDr7+OEP0f8\n"
    "sQ/B3Ccn41NdNHX+ymhVjAPn/wKhRANCAAQm9rC/Mfh3USkLii2VF+hP5td96Hot\n"
    "bLhzhRdlB81ypMVN1AAdrGRC0yww4xApodWzGL90JBds+iPI7kht98zd\n"
    "-----END PRIVATE KEY-----\n";

/// Another.
inline constexpr const char* other_apns_key =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgBCCNrbXGfPQabBDH\n"
    "856BxL29sHhci+N3WLPpysZA0OKhRANCAAS9eOoAzIx0bcNsUgnntH929gUJARSa\n"
    "ZbUzyscSABW9wnsaFEhEZfQxmwpNE8W/aGbQ+NKHYMonLHA3rsZkk/bq\n"
    "-----END PRIVATE KEY-----\n";

/// Of another kind.
inline constexpr const char* rsa_key =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIICdgIBADANBgkqhkiG9w0BAQEFAASCAmAwggJcAgEAAoGBAK5IqXtr2lI0tZ7N\n"
    "y/JbYAAPrH9gj8+h+Uo4ToVOSYNcT8gEZ+fer/2bg2yjqjfznk5JhWiee2tvoeAE\n"
    "23sWmSckrUV5rk//1/zxeH6ij36PoL9/5/yIzH0HtkcbTXNDAWMKptbATGWAZynG\n"
    "22LsfzURhLQvdhU4xeVACSIHoV5lAgMBAAECgYBPzFdFeol48EdkUcgazLm07XhG\n"
    "zjiqkfgpgoR5RvIj4kVpSJMmuHCORwEy4fETM0l9gO5Di6To+TD9+FtiDWPLpZB4\n"
    "bzEWZCaGmMR7zShCeEk9cYUmbZk8RQ9vu1J00LTX5AaOMqq1shVHf9akvKLHz2dT\n"
    "q7kSnlGue6keD/pLVQJBAODz81GkRf7AUCYEqR2AuH7W/dldzpbokpv9KaX0INh+\n"
    "0GxjUCI9Zwa1Na61T7JKueGZ3rsIUJTetdMo7sxdpfsCQQDGVnfgWIxNKsu+czTX\n"
    "8G5Oumb/oKSXqDtHQQ4ljbzCAqpuKQaNMWF7viyHNWJLIHRPMSpiRrnNVlVRj9Qm\n"
    "HL8fAkAloipOukDLgbjm41i3itVSwvzs5HivXnFIj23sSY9FKNINj//T+pnF0YMN\n"
    "m1+d4EqAp5FPkPCKN0gL74kjv3cJAkAwYdl+Vbtr+5uWCt6CKrmN5PTJOPPNtxE2\n"
    "0YzU5l18alAO7V0WxkwEdqDAHuqqbvFQfCrdrGkYyQ2pBs/2uB57AkEAi+4ugn2V\n"
    "pb8UrXIsoOxzC6z8odbuAI9yLEX2B6gwpOjsKQK7q0xRNe8kwbY0t/QATBsFB8iV\n"
    "kUgZ7660tNlGEw==\n"
    "-----END PRIVATE KEY-----\n";

/// A service account's: RSA of 2048 bits.
inline constexpr const char* service_account_key =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQCer7Zcs1rD45iJ\n"
    "ycbEvG9UnjDmOT3rtXc9ot+Fo1+C9tmyxE2Cm7eTx9BXT750wbRUhpnTF7TE8/aE\n"
    "q/WACxQ82Thcgy3+qCMhdVWXuWiyt03yvyL2/w/tCfPNo4mcoqCZC4jemeC05YmK\n"
    "yFqJeVrxI9Za8oC2zPOvewF/GUE8GzpHh7BK850ddfhaRa6+8FMfoe520SAMk/xz\n"
    "3uyf+B0osAbL6FIIciqKyjK/RJYTAldAufKqIIntkVhiJEDqg920W8n9G6VtoI1V\n"
    "KGYCIuAGjpQw/6PpuWSXvaAfTizKktoy2a4jYflLkBC61cCejO9nM4HHItb8XzYC\n"
    "pDRu38WBAgMBAAECggEAAhe7kSiWPDBrCmjlVrKMmjBLgTtAtdQ46UClx4wdbC9x\n"
    "xLbMFgKERNofFTowdwcnj/BuHJWWyyzDl9mB02td/A0SLj3mgjnk2/Xxc+6wftAe\n"
    "GoMW2KyZoOLbXsc6/zRZt2f6kTM0vnT7G8f3cfH+SxEhtGWHoRWGCo698OdwE9Ub\n"
    "pIuMDcPPNko45kklt8718gKSWBztwqFOXm+lLYb6KcxYifrJjQ+evo55C6P/wYhc\n"
    "EUwVH5QYJu0+5XGqTLeNtMdY9+x/Go5fXttE1SwFerGEmBDqyHFy5ec6eUj/WrbY\n"
    "5zNyg/uqnRB3YuehF1ARfcbyYiHJyFM8/F25nEfugQKBgQDUGXvCn5oJzzS6BPuZ\n"
    "EjBGcS1cl6plWQNKgp/HXs/p6ODqRcOzH5z4iMnnwJbODVu/wXWJML2eIjymFUHa\n"
    "QzAwuRXVt/1PPL1aIkzrpltZN0WdL3mXdsRYydFKrhVyc3uOe3hfOrwhulG/dfYR\n"
    "/x1JhFS32xFGpwXzP6dmI88zQQKBgQC/iAafgCBxhMspNUIWDuM0IYiBMVlmBGFe\n"
    "QkpIuDrQSH94/XO0zvUJ9/CoHbhpDYfU1C+Uyr/Gt3zrx+2Of+bV8/2/Pm/GNCcZ\n"
    "BzgYb4nV0BwR+0W5s9uvS4VPpzGrmzjXuKVvU4Wl4rF4c62Pjrfp++Fl1Fvceo15\n"
    "yXNioc1CQQKBgQDRlBS8bWSSSNK69O1/hX96O58tHRhcaKZd29Dx+ffMFDcahrEn\n"
    "sBc1ZkTL4XuiQ4TjZ9AyLZ1QQlhXbC3T9AwMOPcgZVvCDiy0gawsNgeRkpIRDbZC\n"
    "OjMt4M4T0wySORZf5hU9VBZN5YOdgnwRsFpKKJ5lxeu+OpAgmkdZIA0/gQKBgQCa\n"
    "ldA6pfAJj1NmBA09vnBUoAgLtefgtgJcUIaiIMefWhRAc9gSg8M0c4AyQCKZ74jF\n"
    "Fyj8H5Qfb/MMXkX28HZAEvinhV4zi95OjgwRdNy7zIcLYFHLa0YROpPzUQ9+4P5E\n"
    "5kvoCXJiDBCPFlZr+pWn7VrjlD08O1G6jQRrBAqlwQKBgBRlChdt7dBlRt7vRZYh\n"
    "ZY3JZBfugyiOom6S5XtO+P2KM9JbluLQLg3wlnCTK7g7omEkNB0LySGZMqFKz1pB\n"
    "s8CAYjsSFlT7p7j4f/F/WEUVGX3fXG1/82DSFW9+400VaYO48Oinc5y3uGmVtilr\n"
    "zzzotnEx185RTs+k8l/G551g\n"
    "-----END PRIVATE KEY-----\n";

/// The file of a service account with that key.
inline std::string service_account(const std::string& token_uri, const std::string& project = "tuanyuan-test") {
  std::string key;
  for (const char c : std::string(service_account_key)) {
    key += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return R"({"type":"service_account","project_id":")" + project + R"(","private_key_id":"k1","private_key":")" +
         key + R"(","client_email":"duty@tuanyuan-test.example.org","token_uri":")" + token_uri + R"("})";
}

}  // namespace tuanyuan::test
