#ifndef PHANBIEN_COPENSSL_SHIM_H
#define PHANBIEN_COPENSSL_SHIM_H
#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
/* Declares its PEM functions only after pem.h. */
#include <openssl/cms.h>
#include <string.h>

/*
 * SHA-256 with the state in a plain struct. The EVP interface keeps its state on the heap, looks the algorithm up
 * for every digest and can fail; for the short strings hashed here that costs six times the hashing itself (0.80
 * against 0.13 microseconds for 100 octets). The plain functions are deprecated in OpenSSL 3 only in favour of
 * EVP's exchangeable providers, which a fixed algorithm does not need; they remain part of its stable interface.
 */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
static inline void phanbien_sha256_begin(SHA256_CTX *state) { SHA256_Init(state); }
static inline void phanbien_sha256_update(SHA256_CTX *state, const void *octets, size_t count) {
    SHA256_Update(state, octets, count);
}
static inline void phanbien_sha256_finish(SHA256_CTX *state, unsigned char digest[32]) {
    SHA256_Final(digest, state);
}
#pragma GCC diagnostic pop

/* Function-like macros and functions with variable arguments, which Swift cannot import. */
static inline long phanbien_bio_memory(BIO *bio, char **start) { return BIO_get_mem_data(bio, start); }
static inline EVP_PKEY *phanbien_generate_p256(void) { return EVP_EC_gen("P-256"); }
static inline EVP_PKEY *phanbien_generate_ed25519(void) { return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"); }
static inline int phanbien_general_names_push(GENERAL_NAMES *names, GENERAL_NAME *name) {
    return sk_GENERAL_NAME_push(names, name);
}
static inline int phanbien_general_names_count(const GENERAL_NAMES *names) { return sk_GENERAL_NAME_num(names); }
static inline const GENERAL_NAME *phanbien_general_names_at(const GENERAL_NAMES *names, int index) {
    return sk_GENERAL_NAME_value(names, index);
}
static inline int phanbien_cms_signers_count(CMS_ContentInfo *cms) {
    return sk_CMS_SignerInfo_num(CMS_get0_SignerInfos(cms));
}
static inline CMS_SignerInfo *phanbien_cms_signers_at(CMS_ContentInfo *cms, int index) {
    return sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), index);
}

/* The curve of an EC key that names it; NID_undef for parameters spelt out, which RFC 5480 section 2.1.1 forbids. */
static inline int phanbien_named_curve(const EVP_PKEY *key) {
    char text[64];
    if (EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_EC_ENCODING, text, sizeof text, NULL) != 1) return NID_undef;
    if (strcmp(text, OSSL_PKEY_EC_ENCODING_GROUP) != 0) return NID_undef;
    return EVP_PKEY_get_group_name(key, text, sizeof text, NULL) == 1 ? OBJ_txt2nid(text) : NID_undef;
}
#endif
