/* Java's strings and arrays in C. They are copied: nothing of the heap is held while a call runs. */
#include "glue.h"

static void throw_null(JNIEnv *env) {
    jclass type = (*env)->FindClass(env, "java/lang/NullPointerException");
    if (type != NULL) (*env)->ThrowNew(env, type, "a text, an array or one of its elements is null");
}

/* How many elements an array has; false with an exception pending if it is null. */
static bool length_of(JNIEnv *env, jarray array, size_t *count) {
    if (array == NULL) {
        throw_null(env);
        return false;
    }
    *count = (size_t)(*env)->GetArrayLength(env, array);
    return true;
}

/* An element of an array of objects; NULL with an exception pending. */
static jobject element(JNIEnv *env, jobjectArray array, size_t index) {
    jobject object = (*env)->GetObjectArrayElement(env, array, (jsize)index);
    if ((*env)->ExceptionCheck(env)) return NULL;
    if (object == NULL) throw_null(env);
    return object;
}

bool read_text(JNIEnv *env, arena *arena, jstring from, biobert_str16 *to) {
    if (from == NULL) {
        throw_null(env);
        return false;
    }
    jsize length = (*env)->GetStringLength(env, from);
    jchar *units = arena_take(env, arena, (size_t)length, sizeof *units);
    if (units == NULL) return false;
    (*env)->GetStringRegion(env, from, 0, length, units);
    if ((*env)->ExceptionCheck(env)) return false;
    *to = (biobert_str16){units, (size_t)length};
    return true;
}

bool read_name(JNIEnv *env, arena *arena, jbyteArray from, biobert_str *to) {
    *to = (biobert_str){NULL, 0};
    if (from == NULL) return true;
    jsize length = (*env)->GetArrayLength(env, from);
    jbyte *bytes = arena_take(env, arena, (size_t)length, 1);
    if (bytes == NULL) return false;
    (*env)->GetByteArrayRegion(env, from, 0, length, bytes);
    if ((*env)->ExceptionCheck(env)) return false;
    *to = (biobert_str){(const char *)bytes, (size_t)length};
    return true;
}

bool read_texts(JNIEnv *env, arena *arena, jobjectArray from, texts *to) {
    if (!length_of(env, from, &to->count)) return false;
    to->list = arena_take(env, arena, to->count, sizeof *to->list);
    if (to->list == NULL) return false;
    for (size_t i = 0; i < to->count; i++) {
        jobject text = element(env, from, i);
        if (text == NULL || !read_text(env, arena, text, &to->list[i])) return false;
        /* A batch may have more documents than there is room for references. */
        (*env)->DeleteLocalRef(env, text);
    }
    return true;
}

bool read_names(JNIEnv *env, arena *arena, jobjectArray from, names *to) {
    if (!length_of(env, from, &to->count)) return false;
    to->list = arena_take(env, arena, to->count, sizeof *to->list);
    if (to->list == NULL) return false;
    for (size_t i = 0; i < to->count; i++) {
        jobject name = element(env, from, i);
        if (name == NULL || !read_name(env, arena, name, &to->list[i])) return false;
        (*env)->DeleteLocalRef(env, name);
    }
    return true;
}

bool read_ints(JNIEnv *env, arena *arena, jintArray from, jint **list, size_t *count) {
    if (!length_of(env, from, count)) return false;
    *list = arena_take(env, arena, *count, sizeof **list);
    if (*list == NULL) return false;
    (*env)->GetIntArrayRegion(env, from, 0, (jsize)*count, *list);
    return !(*env)->ExceptionCheck(env);
}

bool read_longs(JNIEnv *env, arena *arena, jlongArray from, jlong **list, size_t *count) {
    if (!length_of(env, from, count)) return false;
    *list = arena_take(env, arena, *count, sizeof **list);
    if (*list == NULL) return false;
    (*env)->GetLongArrayRegion(env, from, 0, (jsize)*count, *list);
    return !(*env)->ExceptionCheck(env);
}

bool read_terms(JNIEnv *env, arena *arena, jlongArray from, terminologies *to) {
    jlong *numbers;
    if (!read_longs(env, arena, from, &numbers, &to->count)) return false;
    to->list = arena_take(env, arena, to->count, sizeof *to->list);
    if (to->list == NULL) return false;
    for (size_t i = 0; i < to->count; i++) to->list[i] = POINTER(const biobert_terms, numbers[i]);
    return true;
}
