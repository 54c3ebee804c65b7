# Reads include/biobert.h and writes a C program that prints what a C compiler makes of it:
# "struct NAME SIZE", "field STRUCT NAME OFFSET SIZE" in the order of the struct, "constant NAME VALUE".
BEGIN { print "#include <biobert.h>\n#include <stdio.h>\nint main(void) {" }
/^typedef struct [a-z0-9_]+ \{$/ {
    inside = $3
    printf "    printf(\"struct %s %%zu\\n\", sizeof(%s));\n", inside, inside
}
/^}/ { inside = "" }
inside != "" && /;$/ && $1 != "//" {
    field = $NF
    gsub(/[*;]/, "", field)
    printf "    printf(\"field %s %s %%zu %%zu\\n\", offsetof(%s, %s), sizeof(((%s *)0)->%s));\n", \
        inside, field, inside, field, inside, field
}
/^#define BIOBERT_[A-Z0-9_]+ [0-9]+$/ { printf "    printf(\"constant %s %%lld\\n\", (long long)%s);\n", $2, $2 }
END { print "    return 0;\n}" }
