import RopewalkFormats

/// A token as a file names it: its text alone, or with properties.
struct StatedToken {
    let content: String
    /// Whether nothing but the content is given.
    var isText = false
    var isSpecial = false
    var isSingleWord = false
    var stripsLeft = false
    var stripsRight = false
    /// Nil where it follows from being special.
    var normalized: Bool?

    init(
        content: String, isText: Bool = false, isSpecial: Bool = false, stripsLeft: Bool = false
    ) {
        self.content = content
        self.isText = isText
        self.isSpecial = isSpecial
        self.stripsLeft = stripsLeft
    }

    /// One that settings name as a special token: a text or an object.
    init?(_ value: JSONValue?) {
        if let content = value?.string {
            self.init(content: content, isText: true)
        } else {
            self.init(listed: value)
        }
    }

    /// An entry of a list of added tokens.
    init?(listed value: JSONValue?) {
        guard let value, let content = value["content"]?.string else { return nil }
        self.content = content
        isSpecial = value["special"]?.bool ?? false
        isSingleWord = value["single_word"]?.bool ?? false
        stripsLeft = value["lstrip"]?.bool ?? false
        stripsRight = value["rstrip"]?.bool ?? false
        normalized = value["normalized"]?.bool
    }

    /// What is added for it.
    var added: AddedToken {
        let isSpecial = isSpecial || isText
        return AddedToken(
            id: -1, content: content, isSpecial: isSpecial, isSingleWord: isSingleWord, stripsLeft: stripsLeft,
            stripsRight: stripsRight, isNormalized: normalized ?? !isSpecial)
    }

    /// Whether transformers takes both for one: a text is none with properties, even if it says the same.
    func isSame(as other: StatedToken) -> Bool {
        let (one, two) = (added, other.added)
        return isText == other.isText && content.utf8.elementsEqual(other.content.utf8)
            && (isText
                || one.isSpecial == two.isSpecial && isSingleWord == other.isSingleWord
                    && stripsLeft == other.stripsLeft && stripsRight == other.stripsRight
                    && one.isNormalized == two.isNormalized)
    }
}
