/// F1 of the words that an answer shares with a reference, each as often as both have it (SQuAD; LongBench's `qa_f1_score`).
package enum TokenF1 {
    /// 2PR / (P + R) with P the share of the answer's words that the reference has, R the share of the reference's; 0 where
    /// none is shared. From 0 to 1.
    package static func score(_ prediction: [CodePoints], _ answer: [CodePoints]) -> Double {
        var left: [CodePoints: Int] = [:]
        for word in answer { left[word, default: 0] += 1 }
        var shared = 0
        for word in prediction {
            guard let count = left[word], count > 0 else { continue }
            left[word] = count - 1
            shared += 1
        }
        guard shared > 0 else { return 0 }
        let precision = Double(shared) / Double(prediction.count)
        let recall = Double(shared) / Double(answer.count)
        return (2 * precision * recall) / (precision + recall)
    }

    /// Of English: without case, punctuation and the articles.
    package static func english(_ prediction: String, _ answer: String) -> Double {
        score(
            PythonText.words(normalized(PythonText.codePoints(prediction))),
            PythonText.words(normalized(PythonText.codePoints(answer))))
    }

    /// Of Chinese: words as `cutter` finds them, each without case, punctuation and blanks.
    package static func chinese(_ prediction: String, _ answer: String, _ cutter: WordCutter) -> Double {
        func words(_ text: String) -> [CodePoints] {
            cutter.words(PythonText.codePoints(text)).map(normalizedChinese).filter { !$0.isEmpty }
        }
        return score(words(prediction), words(answer))
    }

    /// Lower case, then without the marks of ASCII, then a blank for each article, then single blanks.
    /// - Parameter lowers: L-Eval's exact match leaves case as it is
    package static func normalized(_ text: CodePoints, lowers: Bool = true) -> CodePoints {
        let lowered = lowers ? PythonText.lower(text) : text
        let plain = withoutArticles(lowered.filter { !PythonText.isPunctuation($0) })
        return CodePoints(PythonText.words(plain).joined(separator: [" "]))
    }

    private static let articles: Set<CodePoints> = [["a"], ["a", "n"], ["t", "h", "e"]]

    /// `\b(a|an|the)\b` becomes a blank: a run of letters and digits that is one of these.
    private static func withoutArticles(_ text: CodePoints) -> CodePoints {
        var result: CodePoints = []
        result.reserveCapacity(text.count)
        var place = 0
        while place < text.count {
            let run = text[place...].prefix(while: PythonText.isWord)
            if run.isEmpty {
                result.append(text[place])
                place += 1
            } else {
                if run.count <= 3, articles.contains(CodePoints(run)) { result.append(" ") } else { result += run }
                place = run.endIndex
            }
        }
        return result
    }

    /// Lower case, without the marks of ASCII and of Chinese, without blanks.
    static func normalizedChinese(_ text: CodePoints) -> CodePoints {
        PythonText.lower(text).filter {
            !PythonText.isPunctuation($0) && !isChinesePunctuation($0) && !PythonText.isSpace($0)
        }
    }

    /// The marks that LongBench's scorer lists. 《 and 〈 are not among them though 》 is.
    static func isChinesePunctuation(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x2013, 0x2014, 0x2018, 0x2019, 0x201B...0x201F, 0x2026, 0x2027, 0x3001...0x3003, 0x300B...0x3011,
            0x3014...0x301F, 0x3030, 0x303E, 0x303F, 0xFE4F, 0xFF01...0xFF0D, 0xFF0F, 0xFF1A...0xFF20, 0xFF3B...0xFF40,
            0xFF5B...0xFF64:
            true
        default: false
        }
    }
}
