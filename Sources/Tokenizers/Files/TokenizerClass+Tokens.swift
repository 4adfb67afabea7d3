import RopewalkFormats

extension TokenizerClass {
    /// Whether the token that hides a word takes the space before it.
    var masksStrip: Bool { [.mpnet, .bigBird, .mbart].contains(kind) }

    /// Special tokens without a part of their own that the class adds where the settings have none.
    var extras: [String] {
        switch kind {
        case .t5: (0..<count("extra_ids", default: 100)).map { "<extra_id_\($0)>" }
        case .pegasus: ["<mask_1>"] + (2..<max(2, count("offset", default: 103))).map { "<unk_\($0)>" }
        case .mbart: Self.languages
        default: []
        }
    }

    /// How many of something the settings ask for, within what a vocabulary can hold.
    private func count(_ key: String, default standard: Int) -> Int {
        min(max(settings.stated(key)?.integer ?? standard, 0), 1 << 12)
    }

    private static let languages = [
        "ar_AR", "cs_CZ", "de_DE", "en_XX", "es_XX", "et_EE", "fi_FI", "fr_XX", "gu_IN", "hi_IN", "it_IT", "ja_XX",
        "kk_KZ", "ko_KR", "lt_LT", "lv_LV", "my_MM", "ne_NP", "nl_XX", "ro_RO", "ru_RU", "si_LK", "tr_TR", "vi_VN",
        "zh_CN",
    ]
}
