import RopewalkFormats

extension TokenizerClass {
    /// Special tokens without a part of their own.
    /// - Parameter stated: what the settings have beside a list that would take the place of all
    func extras(_ stated: [StatedToken]?) -> [StatedToken] {
        func texts(_ names: [String]) -> [StatedToken] { names.map { StatedToken(content: $0, isText: true) } }
        let names = stated?.map(\.content) ?? []
        switch kind {
        case .t5:
            if names.contains(where: { $0.contains("<extra_id_") }) { return stated ?? [] }
            return (stated ?? []) + texts((0..<count("extra_ids", default: 100)).map { "<extra_id_\($0)>" })
        case .pegasus:
            let sentence = settings.said("mask_token_sent").map { $0.string } ?? "<mask_1>"
            let mask = sentence.map { names.contains($0) ? [] : [$0] } ?? []
            return texts(mask + (2..<max(2, count("offset", default: 103))).map { "<unk_\($0)>" })
        case .mbart:
            return texts(Self.languages) + (stated ?? []).filter { !($0.isText && Self.languages.contains($0.content)) }
        default: return stated ?? []
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
