# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Every mutant of a C source: one small change, found by looking at tokens.

The operators:
    drop      an expression statement, break, continue, or the return of an `if`
    negate    the condition of if, while, for, ?:; == and !=; && and ||
    border    < and <=, > and >=
    swap      two neighbouring statements that are both calls
    constant  a number becomes the next one, the size of an array the one before
              (nobody uses more room), an error another error
"""

import re
from collections import namedtuple

# Replace text[start:end] by `new`.
Mutant = namedtuple("Mutant", "file op start end new line")
Token = namedtuple("Token", "kind text start end")

TOKEN = re.compile(
    r"""
    (?P<comment> /\*.*?\*/ | //[^\n]* )
  | (?P<string>  "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*' )
  | (?P<number>  0[xX][0-9a-fA-F]+[uUlL]* | [0-9]+[uUlL]* )
  | (?P<name>    [A-Za-z_]\w* )
  | (?P<op>      <<= | >>= | -> | \+\+ | -- | << | >> | <= | >= | == | != | &&
               | \|\| | [-+*/%&|^]= | \S )
    """,
    re.X | re.S,
)
DIRECTIVE = re.compile(r"^[ \t]*#[ \t]*(\w+)(?:[^\\\n]|\\.|\\\n)*", re.M)
DEFINE = re.compile(r"[ \t]*#[ \t]*define[ \t]+\w+(?:\([^)]*\))?")

# Numbers in here say nothing about what the library does.
QUIET = {"__attribute__", "_Static_assert", "__builtin_expect"}
CONTROL = {"if", "for", "while", "switch", "return", "break", "continue",
           "goto", "case", "default", "do", "else"}
OTHER = {"==": "!=", "!=": "==", "&&": "||", "||": "&&"}
BORDER = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}


def blank(match):
    """As many blanks, with the lines where they were."""
    return re.sub(r"[^\n]", " ", match.group())


def tokens_of(text, start=0):
    found = []
    for m in TOKEN.finditer(text):
        if m.lastgroup != "comment":
            found.append(Token(m.lastgroup, m.group(), m.start() + start,
                               m.end() + start))
    return found


def neighbour(text, by):
    digits, suffix = re.fullmatch(r"(0[xX][0-9a-fA-F]+|\d+)(\w*)",
                                  text).groups()
    value = int(digits, 0 if digits[:2] in ("0x", "0X") else 10) + by
    return ("%#x" % value if digits[:2] in ("0x", "0X") else str(value)) + suffix


class Source:
    """One file and its mutants."""

    def __init__(self, name, text):
        self.name, self.text = name, text
        self.found = []
        self.defines = [
            m for m in DIRECTIVE.finditer(text) if m.group(1) == "define"
        ]
        self.tokens = tokens_of(DIRECTIVE.sub(blank, text))
        self.partner = self.match_brackets()
        self.quiet = self.quiet_tokens()

    def add(self, op, start, end, new):
        line = self.text.count("\n", 0, start) + 1
        self.found.append(Mutant(self.name, op, start, end, new, line))

    def mutants(self):
        for m in self.defines:
            body = DEFINE.match(m.group()).end()
            self.constants(tokens_of(m.group()[body:], m.start() + body))
        self.constants([t for i, t in enumerate(self.tokens)
                        if i not in self.quiet])
        self.comparisons()
        self.conditions()
        self.statements()
        return sorted(self.found, key=lambda m: (m.start, m.end, m.op, m.new))

    # ------------------------------------------------------------- brackets

    def match_brackets(self):
        partner, open_at = {}, []
        for i, t in enumerate(self.tokens):
            if t.kind == "op" and t.text in "([{":
                open_at.append(i)
            elif t.kind == "op" and t.text in ")]}" and open_at:
                partner[i] = open_at.pop()
                partner[partner[i]] = i
        return partner

    def quiet_tokens(self):
        inside = set()
        for i, t in enumerate(self.tokens[:-1]):
            if t.text in QUIET and i + 1 in self.partner:
                inside.update(range(i, self.partner[i + 1]))
        return inside

    # ------------------------------------------------------ token by token

    def sizes_an_array(self, i):
        """Token i is N in `type name[N]` or `name[N] = {`."""
        around = [t.text for t in self.tokens[i - 1:i + 4]]
        return i >= 3 and around[0] == "[" and around[2:3] == ["]"] and (
            around[3:5] == ["=", "{"] or
            (self.tokens[i - 3].kind == "name" and
             self.tokens[i - 3].text not in CONTROL))

    def constants(self, tokens):
        sizes = {t.start for i, t in enumerate(self.tokens)
                 if t.kind == "number" and self.sizes_an_array(i)}
        for t in tokens:
            if t.kind == "number":
                by = -1 if t.start in sizes else 1
                self.add("constant", t.start, t.end, neighbour(t.text, by))
            elif t.text.startswith("HYPIOMMU_E_"):
                other = "INVAL" if t.text.endswith("NOSYS") else "NOSYS"
                self.add("constant", t.start, t.end, "HYPIOMMU_E_" + other)

    def comparisons(self):
        for i, t in enumerate(self.tokens):
            if i in self.quiet or t.kind != "op":
                continue
            if t.text in OTHER:
                self.add("negate", t.start, t.end, OTHER[t.text])
            elif t.text in BORDER:
                self.add("border", t.start, t.end, BORDER[t.text])

    # ---------------------------------------------------------- conditions

    def negated(self, first, last):
        """The tokens first..last become a negated condition."""
        inside = [t.text for t in self.tokens[first:last + 1]]
        if sum(text in OTHER for text in inside) == 1 and not any(
                text in ("&&", "||", "?", "(") for text in inside):
            return  # comparisons() does it
        if first > last:
            return
        start, end = self.tokens[first].start, self.tokens[last].end
        self.add("negate", start, end, "!(" + self.text[start:end] + ")")

    def conditions(self):
        for i, t in enumerate(self.tokens):
            if t.text in ("if", "while") and self.tokens[i + 1].text == "(":
                self.negated(i + 2, self.partner[i + 1] - 1)
            elif t.text == "for":
                self.negated(*self.middle_of_for(i + 1))
            elif t.text == "?":
                self.negated(self.start_of_condition(i), i - 1)

    def middle_of_for(self, opening):
        semicolons = [
            i for i in range(opening, self.partner[opening])
            if self.tokens[i].text == ";"
        ]
        return semicolons[0] + 1, semicolons[1] - 1

    def start_of_condition(self, at):
        """Where the condition that ends before the `?` at `at` begins."""
        i = at - 1
        while i >= 0:
            t = self.tokens[i]
            if t.text in (")", "]", "}") and i in self.partner:
                i = self.partner[i]
            elif t.text in "([{,;?:" or t.text == "return" or (
                    t.text.endswith("=") and t.text not in
                    ("==", "!=", "<=", ">=")):
                break
            i -= 1
        return i + 1

    # ---------------------------------------------------------- statements

    def function_bodies(self):
        i = 0
        while i < len(self.tokens):
            if self.tokens[i].text == "{" and i in self.partner:
                if i and self.tokens[i - 1].text == ")":
                    yield i, self.partner[i]
                i = self.partner[i]
            i += 1

    def statements(self):
        for opening, closing in self.function_bodies():
            before = None  # the statement that ended here, if a call
            i = opening + 1
            while i < closing:
                end = self.simple_end(i, closing)
                if end is None:
                    before = None
                    i += 1
                    continue
                before = self.statement(i, end, before)
                i = end + 1

    def starts_statement(self, i):
        before = self.tokens[i - 1].text
        if before in ("{", "}", ";", "else", "do", ":"):
            return True
        opening = self.partner.get(i - 1)
        return (before == ")" and opening and
                self.tokens[opening - 1].text in ("if", "for", "while"))

    def simple_end(self, i, closing):
        """The `;` of the statement that starts at i, if it is a simple one."""
        if not self.starts_statement(i):
            return None
        j = i
        while j < closing:
            t = self.tokens[j]
            if t.text == ";":
                return j
            if t.text in "{}" and t.kind == "op":
                return None
            if t.text in ("if", "for", "while", "switch", "case", "default",
                          "do", "else"):
                return None
            j = self.partner[j] + 1 if t.text in "([" and j in self.partner \
                else j + 1
        return None

    def is_expression(self, i):
        first, second, third = self.tokens[i:i + 3]
        if first.kind != "name":
            return first.text in ("*", "(", "++", "--")
        if first.text in CONTROL or second.kind == "name":
            return False
        return not (second.text == "*" and third.kind == "name")

    def statement(self, i, end, before):
        if self.tokens[i + 1].text == ":":
            i += 2  # its label stays
        first = self.tokens[i]
        start, stop = first.start, self.tokens[end].end
        conditional = self.tokens[i - 1].text in (")", "else")
        if first.text in ("break", "continue") or (
                first.text == "return" and conditional):
            self.add("drop", start, stop, ";")
            return None
        if not self.is_expression(i):
            return None
        self.add("drop", start, stop, ";")
        call = any(
            self.tokens[k].kind == "name" and self.tokens[k + 1].text == "("
            for k in range(i, end))
        if before and call and not conditional:
            gap = self.text[before[1]:start]
            self.add("swap", before[0], stop, self.text[start:stop] + gap +
                     self.text[before[0]:before[1]])
        return (start, stop) if call and not conditional else None


def mutants_of(name, text):
    return Source(name, text).mutants()
