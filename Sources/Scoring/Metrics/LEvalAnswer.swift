import RopewalkPhrases

/// What L-Eval takes out of an answer before it is compared (`auto_eval.py`).
package enum LEvalAnswer {
    /// The options of a multiple-choice answer in their order, such as "AC".
    /// - Parameter takesSeveral: in Coursera, where several options may be right; elsewhere the first letter counts
    package static func options(_ response: CodePoints, takesSeveral: Bool) -> CodePoints {
        if PythonText.contains(response, in: ["A", "B", "C", "D"]) { return response }
        if !takesSeveral, let first = response.first(where: isOption) { return [first] }
        var letters = CodePoints(response.prefix(while: isOption))
        if letters.count > 1 { return sorted(letters) }
        let rest = PythonText.parts(
            CodePoints(response.dropFirst(letters.count)), at: PythonText.codePoints("Question"))[0]
        for (place, scalar) in rest.enumerated() where isOption(scalar) && place + 1 < rest.count {
            let after = rest[place + 1]
            if PythonText.isSpace(after) || after == "." || after == ")" { letters.append(scalar) }
        }
        return letters.isEmpty ? ["A"] : sorted(letters)
    }

    /// The options of a reference: the letters A to D of its first word, "A" where there are none.
    package static func options(ofReference text: CodePoints) throws(ScoringError) -> CodePoints {
        guard let first = PythonText.words(text).first else {
            throw .answer(metric: "L-Eval", answer: PythonText.string(text), wanted: say("option"))
        }
        let letters = first.filter(isOption)
        return letters.isEmpty ? ["A"] : letters
    }

    private static func isOption(_ scalar: Unicode.Scalar) -> Bool { (0x41...0x44).contains(scalar.value) }

    private static func sorted(_ letters: CodePoints) -> CodePoints { Set(letters).sorted { $0.value < $1.value } }

    /// The number of a calculation: behind "The answer is", else the last word with a digit of the first paragraph; its digits up
    /// to a point.
    package static func number(_ response: CodePoints) -> CodePoints {
        let words = PythonText.codePoints("The answer is ")
        var found: CodePoints?
        var start = 0
        while found == nil, let place = PythonText.find(words, in: response, from: start) {
            let word = response[(place + words.count)...].prefix { !PythonText.isSpace($0) }
            if !word.isEmpty { found = CodePoints(word) }
            start = place + 1
        }
        if found == nil {
            let paragraph = PythonText.parts(response, at: ["\n", "\n"])[0]
            found = PythonText.parts(paragraph, at: " ").last { $0.contains(where: PythonText.isDigit) }
        }
        return (found ?? []).prefix { $0 != "." }.filter(PythonText.isDigit)
    }

    /// A result of a program without commas, quotes and ".0", blanks as one.
    package static func code(_ response: CodePoints) -> CodePoints {
        let parts = PythonText.partsBetweenSpaces(response)
        var text = CodePoints(parts.joined(separator: [" "]))
        let changes = [
            (",", ""), ("'", ""), ("\\", ""), (".0", ""), ("] [", "]["), ("[ [", "[["), ("] ]", "]]"),
        ]
        for (part, other) in changes { text = PythonText.replacing(part, with: other, in: text) }
        return text
    }

    /// The words of an answer about code that may be the result: so many as the reference has and three more, behind
    /// "the final output" or at the end.
    package static func code(_ response: CodePoints, reference: CodePoints) -> CodePoints {
        let count = PythonText.words(reference).count + 3
        var text = code(response)
        for part in ["will be", "of the code", "is", "would be", "the value of", "the result of", "printed"] {
            text = PythonText.replacing(part, with: "", in: text)
        }
        let behind = PythonText.parts(text, at: PythonText.codePoints("the final output"))
        let words = PythonText.partsBetweenSpaces(behind[behind.count - 1])
        let kept = behind.count > 1 ? words.prefix(count) : words.suffix(count)
        return CodePoints(kept.joined(separator: [" "]))
    }

    /// What an answer about a story says by the story and by facts, in lower case: "true [fact: false]".
    /// - Throws: `answer` where it says nothing of facts.
    package static func judgements(ofReference text: CodePoints) throws(ScoringError) -> [CodePoints] {
        let parts = PythonText.parts(PythonText.lower(text), at: PythonText.codePoints("[fact:"))
        guard parts.count > 1 else {
            throw .answer(metric: "L-Eval", answer: PythonText.string(text), wanted: "'[fact:'")
        }
        return [PythonText.stripped(parts[0]), PythonText.stripped(CodePoints(parts[1].dropLast()))]
    }

    /// The first "true" or "false" in each of the two; `<error>` where there is none.
    package static func judgements(_ response: CodePoints) throws(ScoringError) -> [CodePoints] {
        let (yes, no) = (PythonText.codePoints("true"), PythonText.codePoints("false"))
        return try judgements(ofReference: response).map { part in
            for word in PythonText.words(part) {
                if PythonText.contains(yes, in: word) { return yes }
                if PythonText.contains(no, in: word) { return no }
            }
            return PythonText.codePoints("<error>")
        }
    }
}
