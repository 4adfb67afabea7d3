extension NeedleTask {
    private static let opening =
        "Special numbers are hidden in the text below. Keep them in mind: you will be asked for some of them.\n"

    /// RULER's eight tasks of keys and values.
    func special(_ numbers: inout SeededNumbers, seed: Int) -> NeedleStory {
        let keyCount = kind == .multiKey1 ? number("keys") : kind == .multiQuery ? number("queries") : 1
        let keys = (0..<keyCount).map { index in
            kind == .multiKey3 ? numbers.uuid() : NeedleWords.pair(index, seed: seed) ?? "key-\(index)"
        }
        let valueCount = kind == .multiValue ? number("values") : keyCount
        let isLong = kind == .single3 || kind == .multiKey3
        let values = (0..<valueCount).map { _ in isLong ? numbers.uuid() : numbers.number(digits: 7) }
        let asked = kind == .multiValue || kind == .multiQuery ? valueCount : 1
        let needles = values.enumerated().map { index, value in
            NeedleStory.Needle(
                FillerLines.number(keys[kind == .multiValue ? 0 : index], value),
                index < asked ? .depth : .share(numbers.share()), isAsked: index < asked)
        }
        return NeedleStory(
            opening: Self.opening, filler: filler(reserved: keyCount, seed: seed), borders: .sentence,
            needles: needles, question: question(keys), answers: Array(values.prefix(asked)),
            others: values.dropFirst() + otherValues(&numbers, like: values[0], isLong: isLong))
    }

    private func filler(reserved: Int, seed: Int) -> NeedleStory.Filler {
        switch kind {
        case .single1: .noise
        case .multiKey2: .lines(FillerLines(kind: .numbers, seed: seed, reserved: reserved))
        case .multiKey3: .lines(FillerLines(kind: .identifiers, seed: seed, reserved: reserved))
        default: .text
        }
    }

    private func otherValues(_ numbers: inout SeededNumbers, like value: String, isLong: Bool) -> [String] {
        isLong ? (0..<8).map { _ in numbers.uuid() } : Self.otherNumbers(&numbers, like: value)
    }

    private func question(_ keys: [String]) -> String {
        let key = keys[0]
        switch kind {
        case .multiValue:
            return
                "\nWhat are the special numbers of \(key), in the order of the text? The special numbers of \(key) are: "
        case .multiQuery:
            let names = keys.joined(separator: ", ")
            return "\nWhat are the special numbers of \(names), in this order? The special numbers of \(names) are: "
        default:
            return "\nWhat is the special number of \(key)? The special number of \(key) is: "
        }
    }

    /// Names that are given the same number one after the other; other chains have other numbers.
    func variables(_ numbers: inout SeededNumbers) -> NeedleStory {
        let (chains, links) = (number("chains"), number("hops") + 1)
        var names: [String] = []
        while names.count < chains * links {
            let name = (0..<5).map { _ in String(UnicodeScalar(UInt8(65 + numbers.below(26)))) }.joined()
            if !names.contains(name) { names.append(name) }
        }
        var values: [String] = []
        while values.count < chains {
            let value = numbers.number(digits: 5)
            if !values.contains(value) { values.append(value) }
        }
        var needles: [NeedleStory.Needle] = []
        for chain in 0..<chains {
            // Those of a chain stand in its order.
            let shares = (0..<links).map { _ in numbers.share() }.sorted()
            for link in 0..<links {
                let source = link == 0 ? values[chain] : names[chain * links + link - 1]
                needles.append(
                    .init(
                        " Let \(names[chain * links + link]) = \(source).",
                        chain == 0 ? .depth : .share(shares[link]), isAsked: chain == 0))
            }
        }
        return NeedleStory(
            opening: "Names are given numbers in the text below, or the numbers of other names. Follow them.\n",
            filler: .noise, borders: .sentence, needles: needles,
            question: "\nWhich names have the number \(values[0]), in the order of the text? "
                + "The names with the number \(values[0]) are: ",
            answers: Array(names.prefix(links)), others: Array(names.dropFirst(1)))
    }

    /// A question about one note.
    func question(_ numbers: inout SeededNumbers, seed: Int) -> NeedleStory? {
        guard let person = NeedleWords.person(0, seed: seed) else { return nil }
        let city = NeedleWords.cities[numbers.below(NeedleWords.cities.count)]
        return NeedleStory(
            opening: "Read these notes and answer the question behind them.",
            filler: .lines(FillerLines(kind: .notes, seed: seed, reserved: 2)), borders: .sentence,
            needles: [.init(FillerLines.note(person, city: city, &numbers), .depth)],
            question: "\nQuestion: In which city was \(person) born?\nAnswer: \(person) was born in ",
            answers: [city], others: NeedleWords.cities.filter { $0 != city })
    }

    /// A question that one note answers with a name and another one about that name.
    func chainedQuestion(_ numbers: inout SeededNumbers, seed: Int) -> NeedleStory? {
        guard let person = NeedleWords.person(0, seed: seed), let teacher = NeedleWords.person(1, seed: seed) else {
            return nil
        }
        let city = NeedleWords.cities[numbers.below(NeedleWords.cities.count)]
        let first = NeedleStory.Needle("\nNote: \(person) learned everything from \(teacher).", .depth)
        let second = NeedleStory.Needle(FillerLines.note(teacher, city: city, &numbers), .share(numbers.share()))
        return NeedleStory(
            opening: "Read these notes and answer the question behind them.",
            filler: .lines(FillerLines(kind: .notes, seed: seed, reserved: 2)), borders: .sentence,
            needles: [first, second],
            question: "\nQuestion: In which city was the teacher of \(person) born?\n"
                + "Answer: The teacher of \(person) was born in ",
            answers: [city], others: NeedleWords.cities.filter { $0 != city })
    }
}
