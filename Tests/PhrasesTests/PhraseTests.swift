import Testing

@testable import RopewalkPhrases

/// What is said in which language.
@Suite struct PhraseTests {
    @Test func inEnglishATextIsWhatTheSourceSays() {
        let tokens = 1
        #expect(say("token \(3) of \(12)") == "token 3 of 12")
        #expect(say("\(tokens) \(tokens, one: "token", many: "tokens")") == "1 token")
        #expect(say("\(2) \(2, one: "token", many: "tokens")") == "2 tokens")
        #expect("the mean".said == "the mean")
    }

    @Test func aTextWithoutTranslationStaysEnglishWithItsValues() {
        Language.with(.chinese) {
            #expect(say("qwx \(3) of \(12) {3") == "qwx 3 of 12 {3")
            #expect(say("qwx \(1) \(1, one: "thing", many: "things")") == "qwx 1 thing")
            #expect("qwx [a|b] {1}".said == "qwx [a|b] {1}")
        }
        #expect(Language.current == .english)
    }

    @Test func valuesMayChangePlaces() {
        #expect(Pattern("第 {2} 个，共 {1} 个").filled(["12", "3"]) == "第 3 个，共 12 个")
        #expect(Pattern("{3}{1}").filled(["a"]) == "a")
    }

    @Test func aFileOfMessagesIsReadAsGettextDoes() {
        let file = PortableObject(
            """
            # a glossary
            msgid ""
            msgstr ""
            "Language: zh_CN\\n"

            #. said in the header
            msgid "say \\"{1}\\" "
            "again"
            msgstr "再说一遍"
            "“{1}”\\n"

            msgid "not yet"
            msgstr ""
            """)
        #expect(file.messages.map(\.id) == ["say \"{1}\" again"])
        #expect(file.messages.map(\.text) == ["再说一遍“{1}”\n"])
    }

    @Test(arguments: [
        (["LANG": "zh_CN.UTF-8"], Language.chinese), (["LANG": "en_GB.UTF-8"], .english), ([:], .english),
        (["LANG": "zh_CN.UTF-8", "LC_ALL": "C"], .english), (["LANG": "de_DE", "LC_MESSAGES": "zh_TW"], .chinese),
        (["LANG": "en_US.UTF-8", "LANGUAGE": "zh_CN:en"], .chinese), (["LANG": "C", "LANGUAGE": "zh_CN"], .english),
        (["LC_ALL": "", "LANG": "zh"], .chinese),
    ])
    func theLocaleNamesTheLanguage(_ environment: [String: String], _ language: Language) {
        #expect(Language(environment: environment) == language)
    }
}
