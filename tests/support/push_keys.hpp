#pragma once

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

}  // namespace tuanyuan::test
