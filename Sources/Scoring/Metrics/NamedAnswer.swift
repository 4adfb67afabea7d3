import RopewalkPhrases

/// Answers that name one of several things: a class, a paragraph, a number.
package enum NamedAnswer {
    /// LongBench's `classification_score`: 1 / (classes that the answer names) where the right one is among them, else 0.
    ///
    /// Classes whose names are part of the right one's do not count. As published they are taken out of the list while it is
    /// gone through, so that the class behind each that is taken out is not looked at; and the branch for answers that name
    /// no class is never reached.
    package static func classification(
        _ prediction: CodePoints, _ answer: CodePoints, classes: [CodePoints]
    ) -> Double {
        var named = classes.filter { PythonText.contains($0, in: prediction) }
        var place = 0
        while place < named.count {
            let name = named[place]
            if name != answer, PythonText.contains(name, in: answer), let first = named.firstIndex(of: name) {
                named.remove(at: first)
            }
            place += 1
        }
        return named.contains(answer) ? 1.0 / Double(named.count) : 0
    }

    /// LongBench's `count_score`: the share of the answer's numbers that are the right one, digit by digit; 0 without numbers.
    package static func count(_ prediction: CodePoints, _ answer: CodePoints) -> Double {
        let numbers = PythonText.numbers(in: prediction)
        return numbers.isEmpty ? 0 : Double(numbers.count { $0 == answer }) / Double(numbers.count)
    }

    /// LongBench's `retrieval_score`: the same with the number of the paragraph that the reference names first.
    /// - Throws: `answer` where it names none.
    package static func retrieval(
        _ prediction: CodePoints, _ answer: CodePoints, isChinese: Bool
    ) throws(ScoringError) -> Double {
        let word = isChinese ? "段落" : "Paragraph "
        guard let wanted = PythonText.numbers(behind: word, in: answer).first else {
            throw .answer(
                metric: say("retrieval"), answer: PythonText.string(answer), wanted: say("'\(word)' with a number"))
        }
        return count(prediction, wanted)
    }

    /// LongBench v2's answer: the letter behind "The correct answer is", in brackets or not, stars left out; nil where there is
    /// none.
    package static func choice(_ prediction: CodePoints) -> Unicode.Scalar? {
        let text = prediction.filter { $0 != "*" }
        let words = PythonText.codePoints("The correct answer is ")
        func isChoice(_ place: Int) -> Bool {
            text.indices.contains(place) && (0x41...0x44).contains(text[place].value)
        }
        var plain: Unicode.Scalar?
        var start = 0
        while let place = PythonText.find(words, in: text, from: start) {
            let next = place + words.count
            if next + 2 < text.count, text[next] == "(", isChoice(next + 1), text[next + 2] == ")" {
                return text[next + 1]
            }
            if plain == nil, isChoice(next) { plain = text[next] }
            start = place + 1
        }
        return plain
    }
}
