import RopewalkCellGrid

/// A picture of numbers for a page or a slide: what is drawn, in the units of its axes. Places and colours on the page are
/// the writer's.
package struct Figure: Equatable, Sendable {
    /// What it shows, in a few words.
    package var title: String
    /// From left to right, `columns` in a row.
    package var plots: [FigurePlot]
    package var columns: Int
    /// What the colours of cells mean that have no value.
    package var swatches: [FigureSwatch] = []
    package var legend: FigureLegend?
    /// What a reader has to know to read it: signs, what is left out.
    package var remarks: [String]
    /// What it is of: text, model, methods, head, and what its numbers are.
    package var facts: [String] = []
    /// The colours of values.
    package var map = ColourMap.viridis

    package init(
        title: String, plots: [FigurePlot], columns: Int = 1, legend: FigureLegend? = nil, remarks: [String] = [],
        map: ColourMap = .viridis
    ) {
        self.title = title
        self.plots = plots
        self.columns = max(1, columns)
        self.legend = legend
        self.remarks = remarks
        self.map = map
    }

    /// What it shows, what has to be known to read it, and of what it is, a line each.
    package var caption: String { ([title] + remarks + [facts.joined(separator: " · ")]).joined(separator: "\n") }
}

/// Two axes and what stands between them.
package struct FigurePlot: Equatable, Sendable {
    /// Above it; empty: nothing.
    package var title = ""
    package var x: FigureAxis
    package var y: FigureAxis
    package var raster: FigureRaster?
    /// The last one lies on top.
    package var marks: [FigureMark] = []
    /// What the colours of the raster stand for.
    package var bar: FigureBar?
    /// Of what lies between the axes, in CSS pixels.
    package var size: Extent

    package struct Extent: Equatable, Sendable {
        package let width: Double
        package let height: Double

        package init(width: Double, height: Double) { (self.width, self.height) = (width, height) }
    }

    package init(x: FigureAxis, y: FigureAxis, size: Extent) { (self.x, self.y, self.size) = (x, y, size) }
}

/// One axis with its ticks.
package struct FigureAxis: Equatable, Sendable {
    /// What it counts, with its unit; empty: it is not named.
    package var title: String
    package var range: ClosedRange<Double>
    package var isLogarithmic = false
    /// Whether it begins at the top, as the rows of a map do.
    package var isDownwards = false
    package var ticks: [FigureTick] = []
    /// Whether its ticks are words, each of a row or column of its own: on the axis of columns they stand upright.
    package var hasWords = false
    package var hasGrid = false

    package init(_ title: String, _ range: ClosedRange<Double>, ticks: [FigureTick] = []) {
        (self.title, self.range, self.ticks) = (title, range, ticks)
    }
}

package struct FigureTick: Equatable, Sendable {
    package let value: Double
    package let text: String

    package init(_ value: Double, _ text: String) { (self.value, self.text) = (value, text) }
}

/// The cells of a map, each with one value.
package struct FigureRaster: Equatable, Sendable {
    package let rows: Int
    package let columns: Int
    /// As they were asked for; NaN where there is nothing. [row, column]
    package let values: [Float]
    /// Where each stands in the scale, 0 to 1. [row, column]
    package let cells: [Cell]
    /// What is written in them, where they are large enough; empty: nothing. [row, column]
    package var numbers: [String] = []

    package init(rows: Int, columns: Int, values: [Float], cells: [Cell]) {
        (self.rows, self.columns, self.values, self.cells) = (rows, columns, values, cells)
    }

    /// How one cell is painted.
    package enum Cell: Equatable, Sendable {
        case nothing
        /// A mask hides all of it.
        case hidden
        /// Two masks differ in it.
        case differing
        /// 0 to 1.
        case level(Float)
    }
}

/// A colour of cells without a value, and what it means.
package struct FigureSwatch: Equatable, Sendable {
    package let cell: FigureRaster.Cell
    package let title: String
}

/// The scale of colours beside a plot: values with their places from 0 to 1.
package struct FigureBar: Equatable, Sendable {
    package let title: String
    /// Values from 0 to 1.
    package let ticks: [FigureTick]

    package init(title: String, ticks: [FigureTick]) { (self.title, self.ticks) = (title, ticks) }
}

package enum FigureInk: Equatable, Sendable {
    case text, dim, good, bad, warning
    /// What lies behind others.
    case band
    /// Told apart by dashes and signs too.
    case series(Int)
}

/// What is drawn between the axes of a plot, in their units.
package enum FigureMark: Equatable, Sendable {
    package struct Point: Equatable, Sendable {
        package let x: Double
        package let y: Double

        package init(_ x: Double, _ y: Double) { (self.x, self.y) = (x, y) }
    }

    case line([Point], series: Int, isStrong: Bool)
    /// From side to side or from top to bottom, with its name.
    case across(y: Double, String)
    case down(x: Double, String)
    /// A bar in a row, from one x to another; its height is a share of the row's.
    case bar(row: Double, from: Double, to: Double, height: Double, FigureInk)
    case dot(Point, FigureInk)
    /// A word beside a point: to its right, or to its left where `endsThere`.
    case word(Point, String, FigureInk, endsThere: Bool)
    /// The edge of some cells.
    case frame(x: ClosedRange<Double>, y: ClosedRange<Double>, FigureInk)
}

/// The names of the lines, each with some numbers.
package struct FigureLegend: Equatable, Sendable {
    package struct Entry: Equatable, Sendable {
        package let series: Int
        package let title: String
        /// One a column.
        package let numbers: [String]
        package let isStrong: Bool
    }

    package let columns: [String]
    package let entries: [Entry]
}
