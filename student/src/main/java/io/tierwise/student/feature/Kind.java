package io.tierwise.student.feature;

/** What a code point does to the word it stands in. */
enum Kind {
  /** A letter or digit: begins a word, or carries it on. */
  WORD,
  /** A mark on a letter, such as a vowel sign: carries a word on, is nothing elsewhere. */
  MARK,
  /** Punctuation, an emoji: a word of its own. */
  SYMBOL,
  /** White space or a control code: ends a word. */
  BREAK,
  /** A soft hyphen, a zero-width joiner, a byte order mark: nobody sees it, so neither do we. */
  INVISIBLE;

  /** Kind of a code point of a text in lower case. */
  static Kind of(int codePoint) {
    if (codePoint >= 'a' && codePoint <= 'z') {
      return WORD;
    }
    return switch (Character.getType(codePoint)) {
      case Character.UPPERCASE_LETTER,
          Character.LOWERCASE_LETTER,
          Character.TITLECASE_LETTER,
          Character.MODIFIER_LETTER,
          Character.OTHER_LETTER,
          Character.DECIMAL_DIGIT_NUMBER ->
          WORD;
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK ->
          MARK;
      case Character.CONTROL,
          Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          BREAK;
      case Character.FORMAT -> INVISIBLE;
      default -> SYMBOL;
    };
  }
}
