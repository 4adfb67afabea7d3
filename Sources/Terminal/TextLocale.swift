import Glibc

/// The character encoding that ncurses assumes.
enum TextLocale {
    /// Takes the user's locale, or plain UTF-8 where that one is not UTF-8: over a bare SSH login LANG is often unset,
    /// while hardly a terminal is left that does not show UTF-8.
    static func adopt() {
        setlocale(LC_CTYPE, "")
        guard let name = nl_langinfo(Int32(CODESET)) else { return }
        if String(cString: name) != "UTF-8" { setlocale(LC_CTYPE, "C.UTF-8") }
    }
}
