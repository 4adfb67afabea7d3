/// Words that needles are made of.
enum NeedleWords {
    /// Cities that the bundled model knows from its own pass keys.
    static let cities = words(
        """
        Boston Paris London Rome Vienna Madrid Dublin Cairo Athens Berlin Lisbon Geneva Oxford Naples Moscow Venice Calcutta
        Prague Bristol Quebec
        """)

    static let adjectives = words(
        """
        amber ancient autumn bitter blue bold brave bright broken brown calm clever cold common copper crooked damp dark deep
        distant dusty early eastern empty faint fair famous fierce flat foreign gentle golden grand green grey hollow honest
        humble iron ivory late lazy little lonely loud lucky mellow narrow noble northern old open pale patient plain proud
        purple quick quiet rapid rare red rough round royal rusty sacred salty secret sharp silent silver simple slow small
        solemn southern square steady still strange sudden summer sweet tall tender thin tired western white wide wild winter
        wise wooden yellow young
        """)

    static let nouns = words(
        """
        acorn anchor apple apron arch arrow barn barrel basin basket beacon bell bench blade blanket boat bonnet book boot
        bottle bowl box branch bread brick bridge broom brush bucket button cabin candle canvas cape card carpet cart castle
        cellar chain chair chapel chest chimney clock cloak cloth coat coin column copper cord cottage cotton cradle crown cup
        curtain desk dish door drum engine fan feather fence field fiddle flag flute fork fountain frame garden gate glass
        glove grain guitar hammer harbour harp hat hedge helmet hill hinge horn house hut island jar jewel kettle key kite
        knife ladder lamp lantern leaf ledger lemon letter lock loom mantle map market mast meadow medal mill mirror mountain
        needle nest net oak oar orchard organ oven paddle page paint paper path pearl pen picture pillar pillow pine pipe plate
        plough pocket pond pot powder purse quilt raft ribbon ring river road robe rope rose saddle sail salt saw scale scarf
        seed shell shield ship shoe shop shovel silk sleigh soap spade spoon spring stable staff star statue stone stool
        stove street string table tent thread throne timber torch tower trumpet trunk tunnel umbrella valley veil violin
        wagon wall watch water wheat wheel whistle window wing wood wool yard
        """)

    static let given = words(
        """
        Ada Agnes Albert Alice Amos Anna Arthur Basil Beatrice Cecil Clara Conrad Daniel Dora Edgar Edith Edmund Eliza Emma
        Ernest Esther Eva Felix Flora Frank George Grace Hannah Harold Helen Henry Hugo Ida Isaac Jane Joseph Judith Julia
        Laura Leo Lucy Martha Martin Miriam Nora Oscar Paul Peter Ralph Rose Ruth Samuel Silas Sophie Stella Theodore Thomas
        Victor Walter Winifred
        """)

    static let family = words(
        """
        Abbott Ainsley Alden Archer Ashford Barlow Barnes Bennett Birch Blackwood Bolton Brook Burton Calder Carver Chandler
        Clifton Cooper Crane Dalton Darby Drake Easton Ellis Fairfax Fenton Fletcher Forster Garland Gibson Granger Hale
        Harding Hartley Hayward Holt Hooper Ingram Jarvis Kendall Langley Lockwood Marlow Mercer Milton Norwood Osborne
        Palmer Prescott Quincy Radford Rowland Sawyer Selwyn Shelby Sutton Thorne Tilney Underwood Vance Wakefield Weston
        Whitby Yardley
        """)

    static let trades = words(
        """
        baker binder brewer carpenter clerk cooper engraver farmer gardener glazier mason miller painter potter printer
        sailor smith surveyor tailor teacher
        """)

    private static func words(_ text: String) -> [String] {
        var seen: Set<Substring> = []
        return text.split(whereSeparator: \.isWhitespace).filter { seen.insert($0).inserted }.map(String.init)
    }

    /// The pair of an adjective and a noun of that number in an order of the seed's own, `quiet-lantern`; nil where there are
    /// no more. No pair has two numbers.
    static func pair(_ number: Int, seed: Int) -> String? {
        place(number, of: adjectives.count * nouns.count, seed: seed).map {
            "\(adjectives[$0 % adjectives.count])-\(nouns[$0 / adjectives.count])"
        }
    }

    /// The name of that number, `Ada K. Barlow`; nil where there are no more. No name has two numbers.
    static func person(_ number: Int, seed: Int) -> String? {
        let initials = Array("ABCDEFGHJKLMNPRSTW")
        return place(number, of: given.count * initials.count * family.count, seed: seed).map { place in
            let (first, rest) = (place % given.count, place / given.count)
            return "\(given[first]) \(initials[rest % initials.count]). \(family[rest / initials.count])"
        }
    }

    /// A permutation of 0..<count, x ↦ (a·x + b) mod count with a prime to count.
    private static func place(_ number: Int, of count: Int, seed: Int) -> Int? {
        guard (0..<count).contains(number) else { return nil }
        var numbers = SeededNumbers(seed: seed, purpose: "order of \(count)")
        var factor = 1 + numbers.below(count - 1)
        while gcd(factor, count) != 1 { factor = factor % (count - 1) + 1 }
        return (factor * number + numbers.below(count)) % count
    }

    private static func gcd(_ a: Int, _ b: Int) -> Int { b == 0 ? a : gcd(b, a % b) }
}
